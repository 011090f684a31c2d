import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";

/** Every command of the README in its order: indented lines that start with the launcher. */
const commands = readFileSync("README.md", "utf8")
  .split("\n")
  .flatMap((line) => /^ {4}\.\/modelyard (.*)$/.exec(line)?.[1] ?? [])
  .map((command) => command.replace(/\s+#.*$/, ""));

let line: CommandLine;
let folder: string;
beforeAll(async () => {
  line = await commandLine();
  folder = mkdtempSync(join(tmpdir(), "modelyard-readme-"));
  symlinkSync(join(process.cwd(), "examples"), join(folder, "examples"));
  cpSync("examples/digits/model.pkl", join(folder, "model.pkl"));
  cpSync("examples/digits/requirements.txt", join(folder, "requirements.txt"));
});
afterAll(async () => {
  await line.remove();
  rmSync(folder, { recursive: true, force: true });
});

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

test("the README begins with its two commands", () => {
  expect(commands[0]).toBe("up examples/digits");
  expect(readFileSync("README.md", "utf8")).toContain("npm ci && npm test");
  expect(readFileSync(".ci/run", "utf8")).toContain("\nnpm ci && npm test\n");
  expect(commands.length).toBeGreaterThan(10);
});

test.each(commands)("modelyard %s", async (command) => {
  const { code, stdout, stderr } = await line.run(wordsOf(command), { cwd: folder });
  expect(code, `${stdout}\n${stderr}`).toBe(0);
});
