import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileRefusal } from "../../src/doors/cli/file-refusal.ts";
import { writeVerified } from "../../src/doors/cli/prepare/write-verified.ts";
import { startServer, type TestServer } from "../server.ts";
import { cli } from "./run-cli.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "modelyard-written-"));
  await writeFile(join(folder, "a.txt"), "a file");
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => cli(args, { MODELYARD_URL: server.url, MODELYARD_TOKEN: server.token }, "", folder);

test.each([
  [["record", "export", "--output", "a.txt/b.jsonl"]],
  [["record", "export", "--layout", "csv", "--to", "a.txt/b/c"]],
  [["collection", "export", "shop", "inputs", "--output", "a.txt/b/c.csv"]],
  [["dataset", "pull", "set", "--output", "a.txt/b.csv"]],
  [["model", "download", "digits", "--output", "a.txt"]],
  [["model", "export", "digits", "--output", "a.txt/b.tar"]],
  [["monitor", "report", "shop", "--html", "a.txt/b.html"]],
])("a path below a file is a mistake that is told before anything is asked: %j", async (args) => {
  const { exitCode, stderr } = await run(...args);
  expect(stderr).toContain(`${join(folder, "a.txt")} is a file; a folder would have to be there`);
  expect(exitCode).toBe(2);
});

test("a device is not replaced by a file", async () => {
  const { exitCode, stderr } = await run("record", "export", "--output", "/dev/null");
  expect(stderr).toContain("--output: /dev/null is no plain file; name one, or - and redirect");
  expect(exitCode).toBe(2);
});

// Node's own recursive mkdir never ends there
test.skipIf(process.platform !== "linux").each([[["record", "export", "--output", "/proc/none/a.jsonl"]]])(
  "where no folder can be made the command says so and ends: %j",
  async (args) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toMatch(/\/proc(\/none)?: (no folder can be made there|permission denied)/);
    expect(exitCode).toBe(2);
  },
);

test.each([
  "csv",
  "jsonl",
  "azure-v1",
  "azure-v2",
  "parquet",
])("an export of no records as %s makes no folder, and says what fills it", async (layout) => {
  const args = ["record", "export", "--layout", layout, "--to", "deep/out"];
  expect(await run(...args)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^Nothing was written\. No records\. Send a request: modelyard service invoke/),
  });
  const filtered = await run(...args, "--since", "7d");
  expect(filtered.stderr).toContain("Nothing fits. See all: modelyard record list");
  const told = await run(...args, "--json");
  expect(JSON.parse(told.stdout)).toEqual({ folder: null, records: 0, files: 0, leftOut: {} });
  expect(await readdir(folder)).toEqual(["a.txt"]);
});

test("a home below a file is a mistake like any other", async () => {
  const { exitCode, stderr } = await cli(["status"], { MODELYARD_HOME: join(folder, "a.txt/home") });
  expect(stderr).toMatch(
    /^Error: .*a\.txt\/home.*: a part of the path is no folder\nFix: {3}.*\nDocs: {2}docs\/errors\//,
  );
  expect(exitCode).toBe(2);
});

test("a refusal of the file system tells of the file that was named, not of its temporary one", async () => {
  const path = join(folder, "full.csv");
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  const body = (async function* () {
    yield Buffer.from("half");
    throw full;
  })();
  await expect(writeVerified(path, body)).rejects.toMatchObject({
    code: "not-supported",
    message: `${path}: the disk is full`,
  });
  expect(await readdir(folder)).toEqual(["a.txt"]);
  expect(fileRefusal(full)).toBeUndefined();
});
