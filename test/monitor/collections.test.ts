import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { codeOf } from "../refusals.ts";
import { deployScript, score } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";

const script = `
import json
from azureml.monitoring import ModelDataCollector
def init():
    global inputs, predictions, faults
    inputs = ModelDataCollector("sums", "inputs", ["a", "b"])
    predictions = ModelDataCollector("sums", "predictions")
    faults = ModelDataCollector("sums", "signals", ["text", "size"], collection_name="faults")
def run(raw_data):
    data = json.loads(raw_data)
    found = inputs.collect(data, "mine")
    predictions.collect(predictions.add_correlations([sum(data)], found))
    if sum(data) < 0:
        faults.collect(["=negative", float("-inf")])
    return sum(data)
`;

let server: TestServer;
let uri = "";
const send = (body: string, id: string) => score(uri, undefined, body, { "x-request-id": id });
const text = async (answer: { body: AsyncIterable<Uint8Array> }) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
beforeAll(async () => {
  server = await startServer();
  uri = (await deployScript(server, "sums", script, { auth: "none" })).scoringUri;
  for (const [index, body] of ["[1, 2]", "[3, 4]", "[-5, 1]"].entries()) await send(body, `r-${index}`);
}, 120_000);
afterAll(() => server.remove());

describe("what an entry script collects", () => {
  it("is listed by collection, with its counts and its columns, and a request counts once as usage", async () => {
    const { items } = await server.client.listCollections({ service: "sums" });
    expect(items.map(({ collection, entries, rows, model }) => [collection, entries, rows, model])).toEqual([
      ["inputs", 3, 3, "sums"],
      ["predictions", 3, 3, "sums"],
      ["signals.faults", 1, 1, "sums"],
    ]);
    expect(items[0]?.columns.slice(0, 3)).toEqual(["a", "b", "$aml_dc_correlation_id"]);
    const [first] = (await server.client.listCollections({ pageSize: 1 })).items;
    const { nextPageToken } = await server.client.listCollections({ pageSize: 1 });
    const second = await server.client.listCollections({ pageSize: 2, pageToken: nextPageToken ?? "" });
    expect([first, ...second.items].map((one) => one?.collection)).toEqual(items.map(({ collection }) => collection));
    expect(second.nextPageToken).toBeNull();
    const usage = await server.client.summariseUsage({});
    expect(usage.items.map(({ requests }) => requests)).toEqual([3]);
  });

  it("keeps its columns in the list when a script collects an empty table, and has none before the first", async () => {
    const code = [
      "import json",
      "from azureml.monitoring import ModelDataCollector",
      "def init():\n    global rows\n    rows = ModelDataCollector('blanks', 'general', ['a', 'b'])",
      "def run(raw_data):\n    rows.collect(json.loads(raw_data))",
    ];
    const { scoringUri } = await deployScript(server, "blanks", code.join("\n"), { auth: "none" });
    const seen = [];
    for (const body of ["[]", "[1, 2]", "[]", "[]"]) {
      await score(scoringUri, undefined, body);
      const [found] = (await server.client.listCollections({ service: "blanks" })).items;
      seen.push([found?.entries, found?.columns]);
    }
    expect(seen).toEqual([1, 2, 3, 4].map((entries) => [entries, entries === 1 ? [] : ["a", "b"]]));
    await server.client.deleteService({ name: "blanks" });
  });

  it("is shown newest first, with the request and the correlation it belongs to", async () => {
    const { items } = await server.client.getCollection({ service: "sums", collection: "predictions", pageSize: 2 });
    expect(items.map(({ requestId, rows }) => [requestId, rows[0]?.[0]])).toEqual([
      ["r-2", -4],
      ["r-1", 7],
    ]);
    const { correlationId } = items[0] as { correlationId: string | null };
    expect(correlationId).toMatch(/^mine-/);
    const joined = await server.client.getCollection({
      ...{ service: "sums", collection: "inputs" },
      correlationId: correlationId ?? "",
    });
    expect(joined.items.map(({ rows }) => rows[0]?.slice(0, 2))).toEqual([[-5, 1]]);
    const byRequest = await server.client.getCollection({
      service: "sums",
      collection: "inputs",
      correlationId: "r-0",
    });
    expect(byRequest.items.map(({ rows }) => rows[0]?.slice(0, 2))).toEqual([[1, 2]]);
  });

  it("is exported row by row, oldest first, as CSV and as JSON lines that keep infinities", async () => {
    const csv = await text(await server.client.exportCollection({ service: "sums", collection: "inputs" }));
    const [head, ...lines] = csv.trim().split("\n");
    expect(head).toMatch(
      /^\$at,\$revision,\$model,\$version,\$request_id,\$correlation_id,a,b,\$aml_dc_correlation_id,/,
    );
    expect(lines.map((line) => line.split(",").slice(1, 2).concat(line.split(",").slice(6, 8)))).toEqual([
      ["1", "1", "2"],
      ["1", "3", "4"],
      ["1", "-5", "1"],
    ]);
    const faults = { service: "sums", collection: "signals.faults" };
    expect(await text(await server.client.exportCollection(faults))).toContain(",'=negative,-Infinity\n");
    const line = await text(await server.client.exportCollection({ ...faults, format: "jsonl" }));
    expect(JSON.parse(line)).toMatchObject({ $request_id: "r-2", text: "=negative", size: Number.NEGATIVE_INFINITY });
  });

  it("that does not exist is said so", async () => {
    const missing = { service: "sums", collection: "labels" };
    expect(await codeOf(server.client.getCollection(missing))).toBe("collection-not-found");
    expect(await codeOf(server.client.exportCollection(missing))).toBe("collection-not-found");
    const inputs = { service: "sums", collection: "inputs" };
    expect(await codeOf(server.client.getCollection({ ...inputs, service: "nosuch" }))).toBe("service-not-found");
    await expect(server.client.exportCollection({ ...inputs, model: "nosuch" })).rejects.toThrow(
      "has no collection inputs of the model nosuch",
    );
    expect(await codeOf(server.client.listCollections({ service: "other" }))).toBe("service-not-found");
  });

  it("is all there after the server was dead while the script collected, and nothing is there twice", async () => {
    await server.kill();
    for (let index = 0; index < 50; index += 1) await send(`[${index}, 1]`, `dead-${index}`);
    server = await server.restart();
    const { items } = await server.client.listCollections({ service: "sums" });
    expect(items.map(({ collection, entries }) => [collection, entries])).toEqual([
      ["inputs", 53],
      ["predictions", 53],
      ["signals.faults", 1],
    ]);
    const csv = await text(await server.client.exportCollection({ service: "sums", collection: "inputs" }));
    const ids = csv
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[4]);
    expect(new Set(ids).size).toBe(53);
  });

  it("stops with `collect: off`, while requests are recorded as before", async () => {
    await server.client.updateService({ name: "sums", collect: "off" });
    await send("[1, 1]", "off-1");
    const { items } = await server.client.listCollections({ service: "sums" });
    expect(items[0]?.entries).toBe(53);
    expect((await server.client.getRecord({ id: "off-1" })).answer).toBe("2");
  });

  it("is erased with its request, and counted, also under what the script joins it by", async () => {
    const { client } = server;
    expect(await client.eraseRecords({ correlationId: "r-2" })).toMatchObject({ records: 1, collected: 3, labels: 0 });
    const [entry] = (await client.getCollection({ service: "sums", collection: "inputs" })).items;
    const env = { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token };
    const id = entry?.correlationId ?? "";
    const { stdout } = await cli(["record", "erase", id], env);
    expect(stdout).toContain(`${id} had no records here, 2 collected entries erased\n`);
  });
});
