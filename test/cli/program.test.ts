import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { operationEntries } from "../../src/contract/operations.ts";
import { cli } from "./run-cli.ts";

const commands = operationEntries
  .filter(([, { cli }]) => cli.noun !== "blob")
  .map(([, { cli }]) => [cli.noun, cli.verb]);

describe("help", () => {
  test.each(commands)("%s %s explains itself and takes --json", async (noun = "", verb = "") => {
    const { exitCode, stdout, stderr } = await cli([noun, verb, "--help"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: modelyard ${noun} ${verb}`);
    expect(stdout).toContain("--json");
    expect(stdout).not.toMatch(/undefined|\[object/);
  });

  test("the program shows its commands by step", async () => {
    const { stdout } = await cli(["--help"]);
    expect(stdout).toMatch(/1 Register:\n\s+model .*2 Use:\n\s+image .*3 Monitor:/s);
    expect(stdout).not.toContain("blob");
  });

  test("every noun says what it is about", async () => {
    const { stdout } = await cli(["--help"]);
    for (const [, noun, text] of stdout.matchAll(/^ {2}(\w+) {2,}(.+)$/gm)) expect(text).not.toBe(noun);
  });

  test("flags have the names people are told", async () => {
    const { stdout } = await cli(["service", "update", "--help"]);
    for (const flag of [
      "--env <key=value>",
      "--model",
      "--timeout-ms",
      "--dry-run",
      "--source-dir",
      "--script <file>",
    ]) {
      expect(stdout).toContain(flag);
    }
    expect((await cli(["model", "tag", "--help"])).stdout).toMatch(/--tag <key=value>.*--remove-tag.*--property/s);
  });

  test("--version prints the version alone", async () => {
    expect(await cli(["--version"])).toEqual({ exitCode: 0, stdout: "1.2.3\n", stderr: "" });
  });
});

describe("a mistake in the command line ends with 2 before any server is asked", () => {
  test.each([
    [["model", "lst"], /unknown command 'lst' \(Did you mean list\?\)/],
    [["model", "list", "--nmae", "x"], /unknown option '--nmae' \(Did you mean --name\?\)/],
    [["model", "show"], /missing required argument 'model'/],
    [["model", "show", "a/b"], /a\/b is a name, name:version or name@alias/],
    [["model", "register", "x"], /--name/],
    [["token", "create"], /--role/],
    [["token", "create", "--role", "king"], /reader, scorer, contributor, admin/],
    [["service", "deploy", "Digits", "--model", "m"], /name: starts with a letter/],
    [["service", "deploy", "digits", "--replicas", "many"], /--replicas: /],
    [["service", "deploy", "digits", "--model", "m", "--replicas", "0"], /--replicas: is at least 1$/m],
    [["service", "token", "digits", "--expires-in", "25h"], /--expires-in: is at most 24h$/m],
    [["alert", "create", "slow", "--when", ""], /--when: is empty$/m],
    [["service", "deploy", "digits", "--env", "novalue"], /key=value/],
    [["service", "invoke", "digits", "--data", "1", "--file", "f"], /one of --data, --file and -/],
    [["record", "list", "--since", "yesterday"], /--since: is an ISO time or a span such as 15m, 2h, 7d\n/],
    [["record", "list", "--since", "2026-02-30"], /--since: is no day and time that there is/],
    [["usage", "show", "--since", "2026-13-45"], /--since: is no day and time that there is/],
    [["dataset", "create", "d", "--service", "abc", "--since", "2026-01-01T25:00Z"], /--since: is no day and time/],
    [["image", "build", "--model", "m", "--requirements", "a", "--conda", "b"], /exclude each other/],
    [["image", "build", "--model", "m", "--script", "nowhere.py"], /no file or folder .*nowhere\.py/],
    [["up", "nowhere"], /no file or folder/],
  ])("%j", async (args, expected) => {
    const { exitCode, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^Error: .*\nFix: {3}.*\nDocs: {2}docs\/errors\//);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  test("with --json it is one JSON object on stderr", async () => {
    const { exitCode, stdout, stderr } = await cli(["model", "show", "a/b", "--json"]);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "invalid-input", docs: "/docs/errors/invalid-input" } });
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});

describe("an interrupted up says where things stand and ends with 130", () => {
  /** Ends it at its first request. */
  const interrupted = async (...flags: string[]) => {
    const controller = new AbortController();
    const silent = createServer(() => controller.abort()).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const folder = await mkdtemp(join(tmpdir(), "modelyard-up-"));
    await writeFile(join(folder, "model.onnx"), "a model");
    const args = ["up", "model.onnx", ...flags];
    const run = await cli(args, { MODELYARD_URL: url }, "", folder, controller.signal);
    silent.close();
    await rm(folder, { recursive: true });
    return run;
  };

  test("to people", async () => {
    const { exitCode, stdout, stderr } = await interrupted();
    expect([exitCode, stdout]).toEqual([130, ""]);
    expect(stderr).toBe("Interrupted; what the server works on goes on there. The same command does what is left.\n");
  });

  test("to programs, as every error is told to them", async () => {
    const { exitCode, stderr } = await interrupted("--json");
    expect(exitCode).toBe(130);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: "interrupted",
        message: "Interrupted; what the server works on goes on there",
        fix: "The same command does what is left.",
        docs: "/docs/errors/interrupted",
      },
    });
  });
});

test("a server that does not answer ends with 5", async () => {
  const { exitCode, stderr } = await cli(["model", "list"], { MODELYARD_URL: "http://127.0.0.1:9" });
  expect(stderr).toContain("No Modelyard server answers at http://127.0.0.1:9");
  expect(exitCode).toBe(5);
});

test("a flag that may be true, false or not said takes either word, and no other", async () => {
  const unused = async (...words: string[]) =>
    (await cli(["usage", "unused", "--days", "30", ...words], { MODELYARD_URL: "http://127.0.0.1:1" })).exitCode;
  for (const words of [["--deployed", "false"], ["--deployed", "true"], ["--deployed"], []])
    expect(await unused(...words)).toBe(5);
  expect(await unused("--deployed", "maybe")).toBe(2);
});

test("a bug ends with 70, shows no stack and names the log that has it", async () => {
  const { exitCode, stderr } = await cli(["model", "list"]); // the harness throws a plain error when a server is started
  expect(exitCode).toBe(70);
  expect(stderr).toMatch(
    /^Error: Modelyard met an error of its own\nFix: {3}Report it with the text of .*cli\.log\.\n/,
  );
  expect(stderr).not.toContain("a test started a server");
});

test("status and doctor start nothing", async () => {
  const { exitCode, stdout } = await cli(["status", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ server: null, scoring: null, services: [] });
  const doctor = await cli(["doctor", "--json"]);
  expect(JSON.parse(doctor.stdout).checks.map(({ name }: { name: string }) => name)).toEqual([
    "node",
    "python",
    "venv",
    "home",
    "disk",
    "ports",
  ]);
});
