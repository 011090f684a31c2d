import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelyard launcher ")); // with blanks, as people have
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with the machine's tools but with this in place of node, or with no node. */
function pathWith(node?: string): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  const tools = ["dirname", "readlink", "find", "head", "cmp", "cat", "mkdir", "rm", "cp", "tail", "sleep"];
  const places = (process.env.PATH ?? "").split(delimiter);
  for (const tool of tools) {
    const place = places.find((candidate) => existsSync(join(candidate, tool)));
    if (place !== undefined) symlinkSync(join(place, tool), join(bin, tool));
  }
  if (node !== undefined) {
    writeFileSync(join(bin, "node"), `#!/bin/sh\necho ${node}\n`);
    chmodSync(join(bin, "node"), 0o755);
  }
  return bin;
}

const run = (file: string, options: { cwd?: string; path?: string } = {}) =>
  spawnSync(file, ["--version"], {
    cwd: options.cwd ?? folder,
    env: { ...process.env, PATH: options.path ?? process.env.PATH, HOME: folder },
    encoding: "utf8",
  });

test("a chain of links from another folder finds the program", () => {
  mkdirSync(join(folder, "a"));
  symlinkSync(join(root, "modelyard"), join(folder, "a", "first"));
  symlinkSync("a/first", join(folder, "second"));
  expect(run("./second").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("without node it says how to get it and ends with 2", () => {
  const { status, stderr } = run(join(root, "modelyard"), { path: pathWith() });
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^Error: Node is not installed.*\nFix: {3}Install Node 20\.19/),
  ]);
});

test.each(["v18.20.4", "v20.18.3"])("node %s is named as too old", (version) => {
  const { status, stderr } = run(join(root, "modelyard"), { path: pathWith(version) });
  expect([status, stderr]).toEqual([2, expect.stringContaining(`Node ${version} is too old`)]);
});
