import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployScript, score } from "../scripts.ts";
import { findOnDisk, unpackParquet } from "../search-disk.ts";
import { startServer, stopHost, type TestServer } from "../server.ts";

const planted = {
  email: "planted.eve@example.org",
  salary: 91_234.567_8,
  card: 4_539_578_763_621_486,
  ssn: 'ß-Δ "078-05-1120" \\ eve',
};
const control = { city: "Controlville", visits: 271_828.182_845 };
const recordFields = { email: "hmac", salary: "bucket:10000", card: "mask:3", ssn: "drop" };

const code = `
import json
def init():
    pass
def run(raw_data):
    rows = json.loads(raw_data)["data"]
    if rows[0]["visits"] is None:
        raise ValueError(rows[0]["email"])
    return [{"label": "good", "email": row["email"]} for row in rows]
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

async function exportTo(folder: string, format: "jsonl" | "csv") {
  const { body } = await server.client.exportRecords({ format });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  writeFileSync(join(folder, `records.${format}`), Buffer.concat(chunks));
}

test("values of columns with rules are in no file of the home, neither while it runs nor afterwards; what has no rule is", async () => {
  const name = "people";
  const { scoringUri } = await deployScript(server, name, code, { recordFields });
  const { primary } = await server.client.getServiceKeys({ name });
  const ask = (body: string) => score(scoringUri, primary, body);
  const person = { ...planted, ...control };
  for (let count = 0; count < 20; count += 1)
    expect((await ask(JSON.stringify({ data: [person, person] }))).status).toBe(200);
  expect((await ask(JSON.stringify({ data: [{ ...person, visits: null }] }))).status).toBe(500);
  expect((await ask(`{"data": [{"email": "${planted.email}", `)).status).toBe(500);
  const invoked = await server.client.invokeService({ name, body: JSON.stringify({ data: [person] }) });
  expect(invoked.status).toBe(200);

  await expect.poll(async () => (await server.client.listRecords({ service: name })).items.length).toBe(22);
  const [{ id } = { id: "" }] = (await server.client.listRecords({ service: name, status: "200" })).items;
  const { body, answer } = await server.client.getRecord({ id });
  expect(JSON.parse(body).data[0]).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    90_000,
    "****486",
    null,
    control.city,
    control.visits,
  ]);
  expect(JSON.parse(answer)[0]).toEqual({ label: "good", email: JSON.parse(body).data[0][0] });
  expect((await server.client.summariseUsage({ service: name })).dropped).toEqual({ "not-redactable": 1 });

  const exports = join(server.home, "exports");
  mkdirSync(exports);
  for (const format of ["jsonl", "csv"] as const) await exportTo(exports, format);
  // a data set is Parquet, compressed
  await server.client.createDataset({ name: "people-set", service: name, since: "1h" });
  const search = async () => {
    expect(await findOnDisk([server.home], Object.values(planted), unpackParquet)).toEqual([]);
    const found = await findOnDisk([server.home], Object.values(control), unpackParquet);
    return found.map(({ path }) => path.slice(server.home.length + 1));
  };
  expect(existsSync(join(server.home, "modelyard.db-wal"))).toBe(true);
  expect(await search()).toEqual(
    expect.arrayContaining(["exports/records.jsonl", "exports/records.csv", expect.stringMatching(/^blobs\//)]),
  );
  // records move from the database into files of Parquet
  expect((await server.client.compactRecords({ before: "0s" })).records).toBeGreaterThan(0);
  expect(await search()).toContainEqual(expect.stringMatching(/^records\//));
  await server.kill("SIGTERM");
  await stopHost(server.home);
  expect((await search()).some((path) => path.startsWith("modelyard.db"))).toBe(true);
});

test("the key of hmac rules is read by its owner alone, and is the same after a restart", async () => {
  const path = join(server.home, "record-key");
  const key = readFileSync(path, "utf8");
  expect(key).toMatch(/^[0-9a-f]{64}\n$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  server = await server.restart();
  expect(readFileSync(path, "utf8")).toBe(key);
});
