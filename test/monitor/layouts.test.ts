import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { deployScript, score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

const script = `
import json
def init():
    pass
def run(raw_data):
    data = json.loads(raw_data)["data"]
    return [row[0] + row[1] for row in data]
`;

let server: TestServer;
let folder: string;
let at: number;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "layouts-"));
  const { scoringUri } = await deployScript(server, "sums", script, { auth: "none" });
  const send = (body: string, id: string) => score(scoringUri, undefined, body, { "x-request-id": id });
  await send('{"data": [[1, -2.5], [3, 4]]}', "r-1");
  await send('{"columns": ["a", "b"], "data": [[5, 6]]}', "r-2");
  await send('{"data": "no rows"}', "r-3");
  await send('{"data": []}', "r-4");
  at = (await server.client.getRecord({ id: "r-1" })).at;
}, 120_000);
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
const exported = async (layout: string) => {
  const to = join(await mkdtemp(join(folder, "export-")), layout);
  const done = await run(["record", "export", "--layout", layout, "--to", to]);
  const names = (await readdir(to, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(to.length + 1))
    .sort();
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(to, name), "utf8")] as const));
  return { ...done, to, files: Object.fromEntries(files) };
};
const day = () => new Date(at).toISOString().slice(0, 10).replaceAll("-", "/");

describe("records as files", () => {
  it("are those of ModelDataCollector, with the columns that correlate inputs and predictions", async () => {
    const { files, stderr } = await exported("azure-v1");
    const root = "modeldata/default/default/default/sums/sums-model/1";
    const own = `1440,default/default/default,sums,sums-model,1`;
    expect(Object.keys(files)).toEqual([
      `${root}/inputs/${day()}/inputs-2.csv`,
      `${root}/inputs/${day()}/inputs.csv`,
      `${root}/predictions/${day()}/predictions.csv`,
    ]);
    const [head, first, second] = files[`${root}/inputs/${day()}/inputs.csv`]?.split("\n") ?? [];
    expect(head).toMatch(/^x0,x1,\$aml_dc_correlation_id,\$aml_dc_scoring_timestamp,.*,\$aml_request_id$/);
    expect(first).toBe(`1,-2.5,r-1,${new Date(at).toISOString().slice(0, -1)}000,${own},r-1`);
    expect(second).toMatch(/^3,4,r-1,/);
    const predictions = files[`${root}/predictions/${day()}/predictions.csv`]?.trim().split("\n") ?? [];
    expect(predictions.slice(1).map((line) => line.split(",").slice(0, 2))).toEqual([
      ["-1.5", "r-1"],
      ["7", "r-1"],
      ["11", "r-2"],
    ]);
    expect(stderr).toContain("2 records written to 3 files");
    expect(stderr).toContain("1 left out: failed");
  });

  it.each([
    "azure-v1",
    "azure-v2",
    "csv",
    "jsonl",
  ])("leave out a request without rows in %s, and count it", async (layout) => {
    const { stderr } = await exported(layout);
    expect(stderr).toContain("2 records written");
    expect(stderr).toContain("1 left out: empty");
  });

  it("are CloudEvents of Azure's data collector, whose ids differ and whose correlation is one", async () => {
    const { files } = await exported("azure-v2");
    const hour = new Date(at).toISOString().slice(11, 13);
    const place = (collection: string) =>
      `modelDataCollector/sums/revision-1/${collection}/${day()}/${hour}/modelyard.jsonl`;
    expect(Object.keys(files)).toEqual([place("model_inputs"), place("model_outputs")]);
    const [inputs, outputs] = ["model_inputs", "model_outputs"].map((collection) =>
      (files[place(collection)] ?? "")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
    expect(inputs?.[0]).toMatchObject({
      ...{ specversion: "1.0", type: "azureml.inference.model_inputs", xrequestid: "r-1", modelversion: "1" },
      ...{
        data: [
          { x0: 1, x1: -2.5 },
          { x0: 3, x1: 4 },
        ],
        contentrange: "bytes 0-35/36",
      },
    });
    expect(outputs?.map(({ data, correlationid }) => [data, correlationid])).toEqual([
      [[{ prediction: -1.5 }, { prediction: 7 }], "r-1"],
      [[{ prediction: 11 }], "r-2"],
    ]);
    const ids = [...(inputs ?? []), ...(outputs ?? [])].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it("are one for each service, inputs and predictions side by side", async () => {
    const { files } = await exported("csv");
    expect(Object.keys(files)).toEqual(["sums-2.csv", "sums.csv"]);
    const [head, line] = files["sums.csv"]?.split("\n") ?? [];
    expect(head).toBe("$id,$correlation_id,$at,$service,$revision,$model,x0,x1,prediction");
    expect(line).toBe(`r-1,r-1,${new Date(at).toISOString()},sums,1,sums-model:1,1,-2.5,-1.5`);
    const lines = (await exported("jsonl")).files["sums.jsonl"]?.trim().split("\n") ?? [];
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ $id: "r-2", a: 5, b: 6, prediction: 11 });
  });

  it("are written to a new folder, or not at all", async () => {
    const full = join(folder, "full");
    await rm(full, { recursive: true, force: true });
    await writeFile(full, "");
    for (const given of [
      ["--layout", "csv"],
      ["--to", full],
      ["--layout", "csv", "--to", full],
      ["--layout", "csv", "--to", folder],
    ])
      expect((await run(["record", "export", ...given])).exitCode).toBe(2);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("are files of Parquet as the server keeps them, with every record that the filters leave", async () => {
    const { to, stderr, files } = await exported("parquet");
    expect(stderr).toContain("4 records written to 1 file");
    const [path] = Object.keys(files);
    expect(path).toMatch(/^sums\/1\/\d{4}-\d\d-\d\d\/\d{12}\.parquet$/);
    const file = await asyncBufferFromFile(join(to, path as string));
    const rows = await parquetReadObjects({ file });
    expect(rows.map((row) => [row.id, row.row_number, row["input.x0"] ?? null, row["output.prediction"]])).toEqual([
      ["r-1", 0, 1, -1.5],
      ["r-1", 1, 3, 7],
      ["r-2", 0, null, 11],
      ["r-3", 0, null, null],
      ["r-4", 0, null, null],
    ]);
    expect(rows[3]).toMatchObject({ body: '{"data": "no rows"}' });
    expect(rows.map((row) => row.correlation_id)).not.toContain(null);
    const only = join(folder, "only");
    const { stderr: said } = await run(["record", "export", "--layout", "parquet", "--status", "4xx", "--to", only]);
    expect(said).toContain("Nothing was written. Nothing fits.");
  });
});
