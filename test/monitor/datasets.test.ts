import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { sharedEnvironment } from "../python-environment.ts";
import { codeOf, errorOf } from "../refusals.ts";
import { echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { record } from "./recorded.ts";

let server: TestServer;
let image: string;
const folder = mkdtempSync(join(tmpdir(), "modelyard-datasets-"));
beforeAll(async () => {
  server = await startServer();
  const models = [await smallModel(server, "shop", "text")];
  image = (await server.client.buildImage({ models, script: await script(server, echoScript), requirements: "" }))
    .digest;
  await record(server, service, requests(0, 200).reverse());
  const labels = Array.from({ length: 100 }, (_, i) => ({ id: `r${i * 2}`, value: i % 2 ? "cat" : "dog" }));
  await server.client.addLabels({ service, labels });
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const service = "shop";
const hourAgo = Date.now() - 3_600_000;
/** Every tenth has two rows. Values are whole, broken, missing, texts and truths. */
const requests = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const i = from + index;
    const row = { size: i, share: i / 3, name: i % 7 ? `n ${i},"é"` : "", sold: i % 2 === 0, gone: i % 5 ? 1 : null };
    const rows = i % 10 === 0 ? [row, { ...row, size: -i }] : [row];
    const answer = rows.map(() => ({ prediction: i % 2 ? "cat" : "dog", sure: 0.5 }));
    return { id: `r${i}`, image, at: hourAgo + i * 1000, body: rows, answer };
  });
const since = new Date(hourAgo - 1000).toISOString();
const until = new Date(hourAgo + 1_800_000).toISOString();
const create = (more: Partial<Parameters<TestServer["client"]["createDataset"]>[0]> = {}) =>
  server.client.createDataset({ name: "set", service, since, until, ...more });

async function bytesOf(name: string, digest?: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await server.client.downloadDataset({ name, digest })).body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const rowsOf = async (bytes: Buffer) => {
  const { buffer, byteOffset, byteLength } = bytes;
  return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
};

test("a data set holds every row once, in order, with its label, and is named by the digest of its bytes", async () => {
  const made = await create();
  expect(made).toMatchObject({ created: true, rows: 220, requests: 200, labels: { rows: 100 }, skipped: {} });
  expect(made.models).toEqual([{ model: "shop:1", revision: 1, rows: 220 }]);
  const bytes = await bytesOf("set");
  expect([sha256(bytes), bytes.length]).toEqual([made.digest, made.size]);
  const rows = await rowsOf(bytes);
  expect(rows).toHaveLength(220);
  expect(rows[1]).toMatchObject({
    _id: "r0",
    _row: 1n,
    _model: "shop:1",
    size: 0n,
    name: "",
    label: null,
    _weight: 1n,
  });
  expect(rows[5]).toMatchObject({
    ...{ _id: "r4", _at: new Date(hourAgo + 4000), size: 4n, share: 4 / 3, name: 'n 4,"é"', sold: true, gone: 1n },
    ...{ prediction: "dog", sure: 0.5, label: "dog" },
  });
  expect(made.columns.map(({ name, role, type, missing }) => `${name} ${role} ${type} ${missing}`)).toEqual([
    ...[
      "_id id text 0",
      "_row row integer 0",
      "_at time time 0",
      "_revision revision integer 0",
      "_model model text 0",
    ],
    ...[
      "size input integer 0",
      "share input number 0",
      "name input text 0",
      "sold input boolean 0",
      "gone input integer 60",
    ],
    ...["prediction prediction text 0", "sure prediction number 0", "label label text 120", "_weight weight integer 0"],
  ]);
});

test("the same query over the same data gives the same digest, and is kept once", async () => {
  const again = await create();
  const [first] = (await server.client.listDatasets({ name: "set" })).items;
  expect([again.created, again.digest]).toEqual([false, first?.digest]);
  expect((await create({ name: "other" })).digest).toBe(first?.digest);
  expect((await server.client.listDatasets({ name: "set" })).items).toHaveLength(1);
});

test("records that have moved to files are the same data: the digest, quality and labels that find them", async () => {
  const { client } = server;
  const [fresh, quality] = [await create({ format: "csv" }), await client.showQuality({ service })];
  expect((await client.compactRecords({ before: "0s" })).records).toBe(200);
  expect(await create({ format: "csv" })).toMatchObject({ created: false, digest: fresh.digest });
  expect((await client.showQuality({ service })).items[0]?.measured).toEqual(quality.items[0]?.measured);
  const label = (id: string) => client.addLabels({ service, id, value: "dog" });
  expect([(await label("r0")).waiting, (await label("absent")).waiting]).toEqual([0, 1]);
});

test("labels, a sample, a model and a format choose rows, always the same ones", async () => {
  const labelled = await create({ labels: "required" });
  expect(labelled).toMatchObject({ rows: 100, labels: { coverage: 1 }, skipped: { "no label": 100 } });
  const fifty = await create({ sample: "50", format: "csv" });
  expect(fifty).toMatchObject({ requests: 50, weights: { requests: 200, chosen: 50 } });
  const share = await create({ sample: "25%", format: "csv" });
  expect(share.requests).toBeGreaterThan(25);
  expect(share.requests).toBeLessThan(80);
  const csv = (await bytesOf("set", fifty.digest)).toString().split("\n");
  expect(csv[0]).toBe("_id,_row,_at,_revision,_model,size,share,name,sold,gone,prediction,sure,label,_weight");
  expect(csv[1]).toMatch(/,4$/);
  expect(await create({ sample: "50", format: "csv" })).toMatchObject({ created: false, digest: fifty.digest });
  const reference = await smallModel(server, "shop", "text of a version that answers nothing");
  await server.client.deleteModel({ name: "shop", version: 2 });
  const other = await errorOf(create({ model: reference }));
  expect(other.code).toBe("dataset-empty");
  expect(other.message).toContain("no request is kept of that time that shop:2 answered");
  // a version that was deleted may have answered, but none that never was
  for (const model of ["shop:3", "nosuch", "nosuch:1"])
    expect(await errorOf(create({ model }))).toMatchObject({
      code: "model-not-found",
      message: `There is no model ${model}`,
    });
  const { message } = await errorOf(create({ since: "1s", until: undefined }));
  expect(message).toContain("no request is kept of that time");
  for (const sample of ["0", "x", "-5", "10 %", "0%", "200%"])
    expect(await codeOf(create({ sample }))).toBe("invalid-input");
});

test("a row weighs as many requests as its record stands for, in the sample of its service and in that of the data set", async () => {
  const told = requests(0, 40).map((one, i) => ({ ...one, id: `w${i}`, ...(i % 4 === 0 ? {} : { weight: 10 }) }));
  await record(server, "sampled", told);
  const whole = await create({ name: "weighed", service: "sampled" });
  const rows = await rowsOf(await bytesOf("weighed", whole.digest));
  const weights = new Map(rows.map(({ _id, _weight }) => [_id, Number(_weight)]));
  expect([weights.get("w0"), weights.get("w1"), weights.get("w4")]).toEqual([1, 10, 1]);
  expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).toBe(10 + 30 * 10);
  const half = await create({ name: "weighed", service: "sampled", sample: "20" });
  const some = await rowsOf(await bytesOf("weighed", half.digest));
  for (const { _id, _weight } of some) expect(Number(_weight)).toBe((weights.get(_id) ?? 0) * 2);
});

test("pandas reads the CSV as it reads the Parquet", async () => {
  const python = await sharedEnvironment();
  const { digest } = await create({ format: "csv" });
  writeFileSync(join(folder, "set.csv"), await bytesOf("set", digest));
  const { columns } = await create();
  const rows = await rowsOf(await bytesOf("set", (await create()).digest));
  const code = `
import json, sys, pandas as pd
frame = pd.read_csv(sys.argv[1], keep_default_na=False, na_values={"gone": "", "label": ""}, parse_dates=["_at"])
print(json.dumps({"types": {c: frame[c].dtype.kind for c in frame}, "rows": json.loads(frame.to_json(orient="records", date_unit="ms"))}))`;
  const read = JSON.parse(execFileSync(python, ["-c", code, join(folder, "set.csv")], { encoding: "utf8" })) as {
    types: Record<string, string>;
    rows: Record<string, unknown>[];
  };
  expect(Object.keys(read.types)).toEqual(columns.map(({ name }) => name));
  expect(read.types).toMatchObject({ size: "i", share: "f", name: "O", sold: "b", _at: "M", label: "O" });
  const plain = (value: unknown) =>
    typeof value === "bigint" ? Number(value) : value instanceof Date ? value.getTime() : value;
  for (const [index, row] of rows.entries())
    for (const [name, value] of Object.entries(row))
      if (typeof value === "number") expect(read.rows[index]?.[name]).toBeCloseTo(value, 9);
      else expect(read.rows[index]?.[name]).toEqual(plain(value));
});

test("a version remembers what it was trained on, both ways, and its data set cannot be deleted", async () => {
  const { client } = server;
  const { digest, reference } = await create();
  const blob = await client.uploadBlob({}, { body: Buffer.from("trained") });
  const files = [{ path: "model.txt", ...blob }];
  const model = await client.registerModel({
    name: "better",
    files,
    lineage: { dataset: `set@${digest.slice(0, 10)}` },
  });
  expect(model.lineage.dataset).toBe(reference);
  expect((await client.getDataset({ name: "set", digest })).versions).toEqual(["better:1"]);
  const refused = await errorOf(client.deleteDataset({ name: "set", digest }));
  expect([refused.code, refused.message]).toEqual(["dataset-in-use", expect.stringContaining("better:1")]);
  expect(await codeOf(client.registerModel({ name: "better", files, lineage: { dataset: "absent" } }))).toBe(
    "dataset-not-found",
  );
  await client.deleteModel({ name: "better", version: 1 });
  expect(await codeOf(client.deleteDataset({ name: "set" }))).toBe("invalid-input");
  expect(await client.deleteDataset({ name: "set", digest })).toEqual({ reference });
  expect(await codeOf(client.getDataset({ name: "set", digest }))).toBe("dataset-not-found");
  expect((await client.getDataset({ name: "other" })).digest).toBe(digest);
});

test("a server that dies while it builds leaves nothing behind", async () => {
  await record(server, service, requests(1000, 2000));
  await server.client.listRecords({});
  const before = (await server.client.listDatasets({})).items.map(({ reference }) => reference);
  const input = { name: "big", service, since };
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const building = server.client.createDataset(input, { onProgress: () => begun() }).catch(() => undefined);
  await beginning;
  await server.kill();
  await building;
  server = await server.restart();
  expect((await server.client.listDatasets({})).items.map(({ reference }) => reference)).toEqual(before);
  expect(existsSync(join(server.home, "sorting")) ? readdirSync(join(server.home, "sorting")) : []).toEqual([]);
  expect((await create({ name: "big", until: undefined })).requests).toBe(2200);
});
