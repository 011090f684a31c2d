import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelDetail } from "../../src/contract/model.ts";
import { type CommandLine, commandLine } from "../command-line.ts";

let line: CommandLine;
let folder: string;
beforeAll(async () => {
  line = await commandLine();
  folder = await mkdtemp(join(tmpdir(), "modelyard-commands-"));
  await writeFile(join(folder, "model.bin"), "weights");
  await writeFile(join(folder, "train.csv"), "1,2");
  await writeFile(
    join(folder, "signature.json"),
    '{"inputs": [{"name": "x", "type": "double", "shape": null}], "outputs": null}',
  );
  const git = (...words: string[]) => execFileSync("git", words, { cwd: folder });
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first");
  git("remote", "add", "origin", "https://user:secret@git.example/iris.git");
});
afterAll(async () => {
  await line.remove();
  await rm(folder, { recursive: true });
});

test("registration keeps metrics, commit, remote without its password, data digest and signature from files", async () => {
  const flags =
    "--metric accuracy=0.97 --git --training-data train.csv --signature signature.json --sample-input train.csv";
  const version = await line.json<ModelDetail>(
    ["model", "register", "model.bin", "--name", "iris", ...flags.split(" ")],
    {
      cwd: folder,
    },
  );
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
  expect(version).toMatchObject({
    metrics: { accuracy: 0.97 },
    lineage: {
      gitCommit: commit,
      gitRemote: "https://git.example/iris.git",
      trainingData: expect.stringMatching(/^sha256:/),
    },
    signature: { inputs: [{ name: "x" }] },
    sample: { input: "1,2" },
  });
  const outside = await line.run(["model", "register", "model.bin", "--name", "iris", "--git"], { cwd: tmpdir() });
  expect(outside.code).toBe(2);
});

test("a model of MLflow shows what requests may set, with type and default", async () => {
  await mkdir(join(folder, "logged"));
  const params =
    '[{"name": "factor", "type": "double", "default": 1.5, "shape": null}, {"name": "stop", "type": "string", "default": ["a"], "shape": [-1]}]';
  await writeFile(join(folder, "logged/MLmodel"), `flavors: {}\nsignature:\n  inputs: '[]'\n  params: '${params}'\n`);
  await line.json(["model", "register", "logged", "--name", "logged"], { cwd: folder });
  const { stdout } = await line.run(["model", "show", "logged:1"]);
  expect(stdout).toMatch(/^request params +factor double = 1\.5, stop string\[\*\] = \["a"\]$/m);
});

test("aliases, archive, stage, history, verify and deletion are each one command", async () => {
  const out = async (...args: string[]) => {
    const { code, stdout, stderr } = await line.run(args);
    expect(code, stderr).toBe(0);
    return stdout;
  };
  expect(await out("model", "alias", "iris", "champion", "1")).toBe("iris@champion is iris:1\n");
  expect(await out("model", "show", "iris@champion")).toMatch(/model +iris:1/);
  expect(await out("model", "list", "--filter", "alias = 'champion'")).toContain("iris:1");
  expect(await out("model", "stage", "iris@champion", "Production", "--archive-existing")).toContain("Production");
  expect(await out("model", "stage", "iris:1", "staging")).toBe("iris:1 is in stage Staging\n");
  expect(await out("model", "history", "iris", "--version", "1")).toMatch(/version\.stage\.changed +1 /);
  for (const verb of ["delete", "archive", "restore"]) {
    const bare = await line.run(["model", verb, "iris"]);
    expect([bare.code, bare.stderr], verb).toEqual([2, expect.stringContaining("write the version: iris:NUMBER")]);
  }
  expect(await out("model", "delete", "iris:1", "--archive")).toBe("Archived iris:1\n");
  expect(await out("model", "list", "--archived", "only")).toContain("iris:1 (archived)");
  expect(await out("model", "restore", "iris:1")).toBe("Restored iris:1\n");
  expect(await out("model", "names")).toContain("champion=1");
  expect(await out("model", "history", "iris")).toContain("alias.set");
  expect(await out("registry", "verify")).toContain("every digest is right");
  expect(await out("model", "unalias", "iris", "champion")).toContain("Removed iris@champion");
  expect(await out("model", "rename", "iris", "flower")).toBe("Renamed iris to flower\n");
  expect(await out("model", "delete-all", "flower")).toContain("Deleted flower with 1 version(s)");
  expect((await line.run(["model", "show", "flower"])).code).toBe(3);
  expect((await line.run(["model", "served", "nobody"])).code).toBe(3);
});
