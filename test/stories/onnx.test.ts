import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, commandLine } from "../command-line.ts";
import { score } from "../scripts.ts";

interface Done {
  changed: boolean;
  service: string;
  scoringUri: string;
  key: string;
  model: string;
  revision: number;
}

const example = "examples/digits-onnx";
let line: CommandLine;
let folder: string;
let env: { PATH: string };
beforeAll(async () => {
  line = await commandLine();
  folder = await mkdtemp(join(tmpdir(), "modelyard-onnx-"));
  env = { PATH: await pathWithoutPython(join(folder, "bin")) };
});
afterAll(async () => {
  await line.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A folder with the programs of this machine, all but Pythons and what brings some. */
async function pathWithoutPython(bin: string): Promise<string> {
  await mkdir(bin);
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? "").split(delimiter)];
  for (const source of folders)
    for (const name of await readdir(source).catch(() => []))
      if (!/^(python|pip|conda|mamba|micromamba|uv|pyenv|pypy)/.test(name))
        await symlink(join(source, name), join(bin, name)).catch(() => {});
  return bin;
}

async function up(path: string): Promise<Done> {
  const { code, stdout, stderr } = await line.run(["up", path, "--json"], { env });
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
const json = async (name: string) => JSON.parse(await readFile(join(example, name), "utf8"));

test("without Python, one command makes a live service of the example that gives scikit-learn's answers", async () => {
  const done = await up(example);
  expect(done).toMatchObject({ changed: true, service: "digits-onnx", model: "digits-onnx:1", revision: 1 });
  const rows = JSON.stringify(await json("holdout.json"));
  expect(JSON.parse((await score(done.scoringUri, done.key, rows)).text)).toEqual(await json("holdout-answers.json"));
  const sample = JSON.stringify({ ...(await json("sample.json")), method: "predict_proba" });
  const [chances] = JSON.parse((await score(done.scoringUri, done.key, sample)).text) as [number[]];
  expect(chances).toHaveLength(10);
  expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 5);
  expect(chances.indexOf(Math.max(...chances))).toBe((await json("holdout-answers.json"))[0]);
});

test("a second run changes nothing; a bare file is enough, and the requirements beside it are not installed", async () => {
  expect((await up(example)).changed).toBe(false);
  for (const name of ["model.onnx", "requirements.txt"]) await copyFile(join(example, name), join(folder, name));
  const done = await up(join(folder, "model.onnx"));
  expect(done).toMatchObject({ service: "model", model: "model:1" });
  const images = await line.json<{ items: { engine: string; python: null }[] }>(["image", "list"]);
  expect(images.items.map(({ engine, python }) => [engine, python])).toEqual([
    ["onnx", null],
    ["onnx", null],
  ]);
});

test("a row of another width is the client's mistake, told with both numbers", async () => {
  const ran = await line.run(["service", "invoke", "digits-onnx", "--data", '{"data": [[1, 2, 3]]}'], { env });
  expect(ran.stdout).toContain("Row 1 has 3 values; the model takes 64");
});
