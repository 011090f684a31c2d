import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelDetail } from "../../src/contract/model.ts";
import type { ImportResult } from "../../src/flow/import/incoming.ts";
import { type CommandLine, commandLine } from "../command-line.ts";

let from: CommandLine;
let to: CommandLine;
let folder: string;
beforeAll(async () => {
  [from, to] = [await commandLine(), await commandLine()];
  folder = await mkdtemp(join(tmpdir(), "modelyard-transfer-"));
});
afterAll(async () => {
  await Promise.all([from.remove(), to.remove()]);
  await rm(folder, { recursive: true });
});

const show = (line: CommandLine, reference: string) => line.json<ModelDetail>(["model", "show", reference]);

test("a model goes from one server to another in a file, with its digests and all that is known of it", async () => {
  const said =
    "--name digits --tag team=vision --property seed=7 --metric accuracy=0.97 --run-id r1 --description first";
  const sample = "examples/digits/sample.json";
  await from.json(["model", "register", "examples/digits/model.pkl", ...said.split(" "), "--sample-input", sample]);
  await from.json(["model", "register", "examples/digits", "--name", "digits", "--parent", "digits:1"]);
  await from.json(["model", "alias", "digits", "champion", "1"]);
  await from.json(["model", "stage", "digits:1", "Production"]);
  const bundle = join(folder, "digits.tar");
  const wrote = await from.run(["model", "export", "digits", "--all-versions", "--output", bundle]);
  expect(wrote).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Exported 2 versions \(9 file\(s\), .*digests verified\)/),
  });
  expect(wrote.stderr).toContain(`Next, with MODELYARD_URL of another server: modelyard model import ${bundle}`);

  const result = await to.json<ImportResult>(["model", "import", bundle]);
  expect(result).toMatchObject({
    kind: "bundle",
    imported: [{ reference: "digits:1" }, { reference: "digits:2" }],
    failed: [],
    notes: [],
  });
  for (const reference of ["digits:1", "digits:2"]) {
    const [there, here] = [await show(from, reference), await show(to, reference)];
    const { createdAt, createdBy } = there;
    const { createdAt: _, updatedAt: __, lineage, ...same } = there;
    expect(here).toMatchObject({ ...same, lineage: { ...lineage, origin: { reference, createdAt, createdBy } } });
  }
  const again = await to.run(["model", "import", bundle]);
  expect(again).toMatchObject({ code: 0, stdout: "Nothing to do: 2 version(s) were here already\n" });
  const shown = await to.run(["model", "show", "digits:1"]);
  expect(shown.stdout).toMatch(/imported +digits:1 of http:\/\/127\.0\.0\.1:\d+, made .* by admin\n/);
});

test("a bundle goes through a pipe, under another name", async () => {
  const script = `"$0" model export digits@champion --output - | MODELYARD_HOME="$1" "$0" model import - --name piped --json`;
  const env = {
    ...process.env,
    MODELYARD_HOME: join(from.home, "modelyard"),
    MODELYARD_PORT: "0",
    MODELYARD_SCORING_PORT: "0",
  };
  const out = execFileSync("sh", ["-c", script, "./modelyard", join(to.home, "modelyard")], { env, encoding: "utf8" });
  expect(JSON.parse(out)).toMatchObject({ imported: [{ reference: "piped:1", origin: "digits:1" }] });
});

test("an export that fails leaves no file, and one that is there is replaced only when that is asked for", async () => {
  const names = (await readdir(folder)).sort();
  expect((await from.run(["model", "export", "digits:9", "--output", join(folder, "x.tar")])).code).toBe(3);
  expect((await from.run(["model", "export", "digits", "--output", join(folder, "digits.tar")])).code).toBe(2);
  expect((await from.run(["model", "export", "digits", "--output", "-", "--json"])).code).toBe(2);
  const blob = (await show(from, "digits:1")).files[0]?.digest ?? "";
  const path = join(from.home, "modelyard", "blobs", "sha256", blob.slice(0, 2), blob);
  const bytes = await readFile(path);
  execFileSync("chmod", ["600", path]);
  await writeFile(path, Buffer.from(bytes).fill(0, 100, 200));
  const damaged = await from.run(["model", "export", "digits:1", "--output", join(folder, "x.tar")]);
  expect(damaged.code).not.toBe(0);
  await writeFile(path, bytes);
  expect((await readdir(folder)).sort()).toEqual(names);
  const replaced = await from.json<object>([
    "model",
    "export",
    "digits:1",
    "--output",
    join(folder, "digits.tar"),
    "--overwrite",
  ]);
  expect(replaced).toMatchObject({ versions: ["digits:1"], external: [], files: 1 });
});

test("a folder of MLflow, an ONNX file, a file and a folder are found to be what they are, and imported once", async () => {
  const mlflow = join(folder, "saved");
  await mkdir(mlflow);
  await writeFile(
    join(mlflow, "MLmodel"),
    "artifact_path: runs/churn\nflavors:\n  prophet: {}\nrun_id: r7\nsaved_input_example_info: {artifact_path: input_example.json}\n",
  );
  await writeFile(join(mlflow, "input_example.json"), "[[1, 2]]");
  await writeFile(join(mlflow, "model.pr"), "weights");
  await writeFile(
    join(folder, "net.onnx"),
    Buffer.concat([Buffer.from([0x08, 0x07, 0x12, 0x04]), Buffer.from("test")]),
  );
  await writeFile(join(folder, "weights.bin"), "weights");
  const imported = (...args: string[]) =>
    to.json<ImportResult & { kind: string }>(["model", "import", ...args], { cwd: folder });
  expect(await imported("saved")).toMatchObject({
    kind: "mlflow-dir",
    imported: [{ reference: "churn:1", external: false }],
  });
  const churn = await show(to, "churn");
  expect(churn).toMatchObject({
    framework: "prophet",
    lineage: { runId: "r7" },
    sample: { input: '{"data":[[1,2]]}' },
  });
  expect(churn.files.map(({ path }) => path)).toEqual(["MLmodel", "input_example.json", "model.pr"]);
  expect(await imported("--from", "mlflow-dir", "saved", "--name", "mine")).toMatchObject({
    imported: [{ reference: "mine:1" }],
  });
  await writeFile(join(mlflow, "registered_model_meta"), "model_name: risk\nmodel_version: '3'\n");
  expect(await imported("saved")).toMatchObject({ imported: [{ reference: "risk:1" }] });
  expect(await imported("net.onnx")).toMatchObject({ kind: "onnx", imported: [{ reference: "net:1" }] });
  expect(await show(to, "net")).toMatchObject({ framework: "Onnx" });
  expect(await imported("weights.bin")).toMatchObject({ kind: "file", imported: [{ reference: "weights:1" }] });
  expect(await imported("saved", "--from", "folder")).toMatchObject({
    kind: "folder",
    imported: [{ reference: "saved:1" }],
  });
  expect((await show(to, "saved")).files.map(({ path }) => path)).toContain("MLmodel");
  await mkdir(join(folder, "plain"));
  await writeFile(join(folder, "plain", "weights.bin"), "weights");
  expect(await imported("plain")).toMatchObject({ kind: "folder", imported: [{ reference: "plain:1" }] });
  expect((await show(to, "plain")).files.map(({ path }) => path)).toEqual(["plain/weights.bin"]);
  expect(await imported("weights.bin")).toMatchObject({ imported: [], standing: [{ reference: "weights:1" }] });
});

test.each([
  ["nothing.tar", 2, /no file or folder/],
  ["weights.bin --from bundle", 2, /weights.bin is refused/],
  ["weights.bin --from mlflow-dir", 2, /is a file, and --from says mlflow-dir/],
  ["weights.bin --model x", 2, /--model chooses models of an MLflow server/],
  ["weights.bin --name a/b", 2, /a\/b is no name of a model/],
  ["--from mlflow-server weights.bin", 2, /is no address/],
  ["http://user:secret@127.0.0.1:5999", 5, /the address holds a password/],
  ["http://127.0.0.1:5999 --name x", 2, /--name goes with exactly one --model/],
  ["digits.tar --from tar", 2, /Allowed choices are bundle/],
])("`model import %s` ends with %i and says what is wrong", async (args, code, message) => {
  const ran = await to.run(["model", "import", ...args.split(" ")], { cwd: folder });
  expect(ran.code).toBe(code);
  expect(ran.stderr).toMatch(message);
  expect(ran.stderr).not.toMatch(/secret|at .*\.js:\d/);
});
