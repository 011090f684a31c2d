import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cli } from "../cli/run-cli.ts";
import { codeOf } from "../refusals.ts";
import { echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { record } from "./recorded.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await record(server, "shop", [
    { id: "one", body: { data: [[1]] }, answer: [3] },
    { id: "many", body: { data: [[1], [2]] }, answer: [3, 4] },
  ]);
  await server.client.listRecords({});
});
afterAll(() => server.remove());

const service = "shop";
const outcome = (
  added: number,
  changed: number,
  unchanged: number,
  waitingIds: string[] = [],
  waiting = waitingIds.length,
) => ({
  ...{ added, changed, unchanged, waiting, waitingIds, beyond: 0, beyondIds: [], erased: 0 },
});
const valuesOf = async (id: string) =>
  (await server.client.listLabels({ service, id })).items.map(({ row, value }) => [row, value]);

test("a label told twice changes nothing, another value replaces it and keeps when it was added", async () => {
  const { client } = server;
  expect(await client.addLabels({ service, id: "one", value: 7 })).toEqual(outcome(1, 0, 0));
  const [first] = (await client.listLabels({ service })).items;
  expect(await client.addLabels({ service, id: "one", value: 7 })).toEqual(outcome(0, 0, 1));
  expect((await client.listLabels({ service })).items).toEqual([first]);
  expect(await client.addLabels({ service, id: "one", value: 8, at: "2025-11-24T16:00:00Z" })).toEqual(
    outcome(0, 1, 0),
  );
  const [second] = (await client.listLabels({ service })).items;
  expect(second).toMatchObject({ value: 8, at: Date.UTC(2025, 10, 24, 16), addedAt: first?.addedAt, by: "admin" });
  expect(second?.changedAt).toBeGreaterThanOrEqual(first?.changedAt ?? Number.NaN);
});

test("a list has one label for each row of a request", async () => {
  const { client } = server;
  expect(await client.addLabels({ service, labels: [{ id: "many", value: ["cat", true] }] })).toEqual(outcome(2, 0, 0));
  expect(await valuesOf("many")).toEqual([
    [0, "cat"],
    [1, true],
  ]);
  expect(await client.addLabels({ service, labels: [{ id: "many", row: 1, value: false }] })).toEqual(outcome(0, 1, 0));
  expect(await codeOf(client.addLabels({ service, id: "many", value: [1, 2], row: 1 }))).toBe("invalid-input");
});

test("a label may come before its record, which then waits no longer", async () => {
  const { client } = server;
  const isKept = async () =>
    (await client.listLabels({ service, id: "early" })).items.map(({ hasRecord }) => hasRecord);
  expect(await client.addLabels({ service, id: "early", value: 1 })).toEqual(outcome(1, 0, 0, ["early"]));
  expect(await isKept()).toEqual([false]);
  await record(server, service, [{ id: "early", body: { data: [[1]] }, answer: [1] }]);
  expect(await client.addLabels({ service, id: "early", value: 1 })).toEqual(outcome(0, 0, 1));
  expect(await isKept()).toEqual([true]);
  await client.compactRecords({ before: "0s" });
  expect(await isKept()).toEqual([true]);
});

test("a label of a row that its request does not have is told, and is no label of a kept record", async () => {
  const { client } = server;
  const models = [await smallModel(server, "rows", "text")];
  const parts = { models, script: await script(server, echoScript), requirements: "" };
  const { digest: image } = await client.buildImage(parts);
  const told = { image, body: { data: [[1], [2]] }, answer: [3, 4] };
  await record(server, "rows", [
    { ...told, id: "two", correlationId: "order" },
    { ...told, id: "unread", body: "text" },
  ]);
  const labels = [
    { id: "order", value: [1, 2, 3, 4] },
    { id: "two", row: 1, value: 5 },
    { id: "two", row: 2, value: 6 },
    { id: "unread", row: 7, value: 8 },
    { id: "absent", value: [1, 2] },
  ];
  const expected = { waiting: 2, waitingIds: ["absent"], beyond: 3, beyondIds: ["order", "two"] };
  const isKept = async (id: string) =>
    (await client.listLabels({ service: "rows", id })).items.map(({ row, hasRecord }) => [row, hasRecord]);
  for (const _ of ["in the database", "in a file"]) {
    expect(await client.addLabels({ service: "rows", labels })).toMatchObject(expected);
    expect(await isKept("order")).toEqual([0, 1, 2, 3].map((row) => [row, row < 2]));
    expect(await isKept("unread")).toEqual([[7, true]]);
    await client.compactRecords({ before: "0s" });
  }
});

test("a CSV file and a JSON lines file are taken over, and a mistake is told with its line", async () => {
  const { client } = server;
  const rows = Array.from({ length: 2500 }, (_, i) => `f${i},${i % 10}`);
  const csv = Buffer.from(
    `value,correlation_id\n${rows.map((row) => row.split(",").reverse().join(",")).join("\n")}\n`,
  );
  const firstTen = Array.from({ length: 10 }, (_, i) => `f${i}`);
  const send = (body: Buffer, format: "csv" | "jsonl" = "csv") => client.importLabels({ service, format }, { body });
  expect(await send(csv)).toEqual(outcome(2500, 0, 0, firstTen, 2500));
  expect(await send(csv)).toEqual(outcome(0, 0, 2500, firstTen, 2500));
  expect(await valuesOf("f17")).toEqual([[0, 7]]);
  const lines = '{"id": "f17", "value": "seven", "at": 1764000000000}\n\n{"request_id": "many", "label": [1, 2]}';
  expect(await send(Buffer.from(lines), "jsonl")).toEqual(outcome(0, 3, 0, ["f17"]));
  expect(await send(Buffer.from("id,value\nf1,1,,\n"))).toMatchObject({ unchanged: 1 });
  for (const [body, format, words] of [
    ["PAR1\u0015\u0004", "csv", "it is Parquet; labels are CSV"],
    ["id|value\na|1", "csv", "Line 1 of the labels: the header needs the columns id and value"],
    ["id,value\na,1\n,2", "csv", "Line 3 of the labels: it has no id"],
    ["id,value\na,1\nb,", "csv", "Line 3 of the labels: it has no value"],
    ["id,value,row\na,1,-1", "csv", "Line 2 of the labels: row"],
    ["id,value,at\na,1,yesterday", "csv", "Line 2 of the labels: at: is an ISO time with its zone"],
    ['{"id": "a"', "jsonl", "Line 1 of the labels: it is not JSON"],
    ['{"id": "a", "value": null}', "jsonl", "Line 1 of the labels: value: is a number, a text, true or false"],
    ['{"id": "a", "value": {"x": 1}}', "jsonl", "Line 1 of the labels: value"],
    ['{"id": "a\\u0000", "value": 1}', "jsonl", "NUL"],
    ['{"id": "a", "value": ""}', "jsonl", "Line 1 of the labels: value: is empty, and no label"],
    ['{"id": "a", "value": [1, 2], "row": 1}', "jsonl", "Line 1 of the labels: a list of values is for all rows"],
    ["id,value,at\na,1,2099-01-01T00:00:00Z", "csv", "Line 2 of the labels: at: 2099-01-01T00:00:00Z is yet to come"],
    ["id,value,row\na,1,0\nb,1,0\na,2,", "csv", "Line 4 of the labels: line 2 says something else of row 0 of a"],
    ["", "csv", "There are no labels in the file"],
    ["id,value\n", "csv", "There are no labels in the file"],
    ["\n", "jsonl", "There are no labels in the file"],
    ["[1]\n", "jsonl", "it is JSON; labels are CSV or JSON lines"],
    ['\n[{"id": "a", "value": 1}]', "csv", "it is JSON; labels are CSV or JSON lines"],
    ['{"id": "a", "value": 1}', "csv", "it is JSON; labels are CSV or JSON lines"],
    [
      "id,value\na,New York, NY",
      "csv",
      'Line 2 of the labels: it has 3 cells and the header 2; a text with the separator in it stands in "quotes"',
    ],
  ] as const)
    await expect(send(Buffer.from(body), format), body).rejects.toThrow(words);
});

test("a list of labels is paged without a gap, and a service that never was is refused", async () => {
  const { client } = server;
  const seen: string[] = [];
  for (let pageToken: string | undefined; ; ) {
    const page = await client.listLabels({ service, pageSize: 700, pageToken });
    seen.push(...page.items.map(({ id, row }) => `${id} ${row}`));
    if (page.nextPageToken === null) break;
    pageToken = page.nextPageToken;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(2500 + 4);
  expect(await codeOf(client.addLabels({ service: "absent", id: "one", value: 7 }))).toBe("service-not-found");
  expect(await codeOf(client.addLabels({ service, id: "one" }))).toBe("invalid-input");
  expect(await codeOf(client.addLabels({ service }))).toBe("invalid-input");
  expect(await codeOf(client.addLabels({ service, id: "one", value: "" }))).toBe("invalid-input");
  expect(await codeOf(client.addLabels({ service, id: "one", value: 7, at: Date.UTC(2099) }))).toBe("invalid-input");
  // a misspelt row would label the first one
  const misspelt = { id: "one", value: 1, rwo: 3 } as { id: string; value: number };
  expect(await codeOf(client.addLabels({ service, labels: [misspelt] }))).toBe("invalid-input");
});

test("a label of an erased request is counted and not kept, told alone or in a file, of one service or of all", async () => {
  const { client } = server;
  const send = (body: string) => client.importLabels({ service, format: "csv" }, { body: Buffer.from(body) });
  await client.addLabels({ service, id: "gone", value: 1 });
  const erased = await client.eraseRecords({ correlationId: "gone", service });
  expect(erased).toEqual({ records: 0, collected: 0, labels: 1, datasets: [], files: 0 });
  await client.eraseRecords({ correlationId: "gone-everywhere" });
  expect(await client.addLabels({ service, id: "gone", value: 1 })).toEqual({ ...outcome(0, 0, 0), erased: 1 });
  expect(await send("id,value\ngone-everywhere,1\none,8\ngone,1\n")).toEqual({ ...outcome(0, 0, 1), erased: 2 });
  expect(await valuesOf("gone")).toEqual([]);
  const env = { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token };
  const { stdout } = await cli(["label", "add", service, "gone", "1"], env);
  expect(stdout).toBe("0 added, 0 changed, 0 unchanged; 1 of an erased request, not kept\n");
  const other = await client.addLabels({ service: "rows", id: "gone", value: 1 });
  expect(other).toMatchObject({ added: 1, erased: 0 });
});

test("a command line with no label ends with 2 and says so, as a file without any does", async () => {
  const run = (args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token });
  const folder = await mkdtemp(join(tmpdir(), "labels-"));
  const file = join(folder, "truth.csv");
  await writeFile(file, "id,value\n");
  const refused = [
    [["label", "add", service, "one", '{"a":1}'], 'value is an object, and no label; as a text it is "{\\"a\\":1}"'],
    [["label", "add", service, "one", " "], "value: is empty, and no label"],
    [["label", "import", file, "--service", service], "below the header `id,value`"],
  ] as const;
  for (const [args, words] of refused) {
    const { exitCode, stderr } = await run([...args]);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  }
  await rm(folder, { recursive: true });
});
