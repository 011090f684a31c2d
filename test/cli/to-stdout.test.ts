import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { record } from "../monitor/recorded.ts";
import { echoScript, script, smallModel } from "../scripts.ts";
import { startServer, type TestServer } from "../server.ts";
import { cli } from "./run-cli.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "modelyard-stdout-"));
  const models = [await smallModel(server, "shop", "text")];
  const parts = { models, script: await script(server, echoScript), requirements: "" };
  const { digest: image } = await server.client.buildImage(parts);
  await record(server, "shop", [{ id: "one", image, body: { data: [[1], [2]] }, answer: [3, 4] }]);
  await server.client.createDataset({ name: "set", service: "shop", since: "1h", format: "csv" });
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token }, "", folder);

test("- as the file of a command is stdout, with what it writes there and nothing else", async () => {
  const pulled = await run("dataset", "pull", "set", "--output", "-");
  const { digest } = await server.client.getDataset({ name: "set" });
  expect(sha256(pulled.stdout)).toBe(digest);
  expect(pulled.stderr).toContain("digest verified");
  const exported = await run("record", "export", "--output", "-");
  expect(exported.stdout).toBe((await run("record", "export")).stdout);
  expect(JSON.parse(exported.stdout)).toMatchObject({ id: "one" });
  expect(await readdir(folder)).toEqual([]);
});

test("an export of nothing says so, and leaves stdout empty", async () => {
  const { exitCode, stdout, stderr } = await run("record", "export", "--status", "500");
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  expect(stderr).toContain("Nothing fits. See all: modelyard record list");
});

test("- is refused where --json has stdout, and where several files are written", async () => {
  for (const args of [
    ["dataset", "pull", "set", "--output", "-", "--json"],
    ["monitor", "report", "shop", "--html", "-", "--json"],
  ])
    expect(await run(...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("both write to stdout") });
  const download = await run("model", "download", "digits", "--output", "-");
  expect(download.stderr).toContain("--output names a folder");
});

test("--json says where an export was written", async () => {
  const one = await run("record", "export", "--output", "records.jsonl", "--json");
  expect(JSON.parse(one.stdout)).toEqual({ path: join(folder, "records.jsonl") });
  const many = await run("record", "export", "--layout", "csv", "--to", "out", "--json");
  expect(JSON.parse(many.stdout)).toEqual({ folder: join(folder, "out"), records: 1, files: 1, leftOut: {} });
});

test("a file of Parquet that is called .csv is warned of", async () => {
  await server.client.createDataset({ name: "columns", service: "shop", since: "1h" });
  const wrong = await run("dataset", "pull", "columns", "--output", "columns.csv");
  expect(wrong.stderr).toMatch(/rows of parquet, digest verified\nWarning: columns\.csv holds Parquet/);
  expect(wrong.exitCode).toBe(0);
  const right = await run("dataset", "pull", "set", "--output", "set.csv");
  expect(right.stderr).toMatch(/rows of csv, digest verified\n(?!Warning)/);
});
