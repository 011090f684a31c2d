import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkImageParts, readImageParts } from "../../src/client/files/image-source.ts";
import { hashFiles, modelFiles, sourceFiles, versionFiles } from "../../src/client/files/local-files.ts";
import { versionDigest } from "../../src/kernel/version-digest.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelyard-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = path): string {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

describe("model files", () => {
  test("a folder keeps its own name as the first path component", async () => {
    write("model/a.bin");
    write("model/sub/b.bin");
    const files = await modelFiles(join(folder, "model"));
    expect(files.map(({ path }) => path)).toEqual(["model/a.bin", "model/sub/b.bin"]);
  });

  test("the files of a folder that MLflow wrote stand where MLflow looks for them", async () => {
    write("model/MLmodel", "flavors: {}");
    write("model/data/b.bin");
    const paths = async () => (await versionFiles(join(folder, "model"))).map(({ path }) => path);
    expect(await paths()).toEqual(["MLmodel", "data/b.bin"]);
    rmSync(join(folder, "model", "MLmodel"));
    expect(await paths()).toEqual(["model/data/b.bin"]);
  });

  test("a link back up does not make the walk endless", async () => {
    write("model/a.bin");
    symlinkSync("..", join(folder, "model", "up"));
    expect((await modelFiles(join(folder, "model"))).map(({ path }) => path)).toContain("model/a.bin");
  });

  test.each([
    ["missing.pkl", "no-such-file"],
    ["empty.pkl", "empty-file"],
    ["empty", "empty-file"],
  ])("%s is refused as %s", async (name, code) => {
    write("empty.pkl", "");
    mkdirSync(join(folder, "empty"));
    await expect(modelFiles(join(folder, name))).rejects.toMatchObject({ code });
  });

  test("the version digest depends on paths and bytes, not on order or place", async () => {
    const hashed = await hashFiles(await modelFiles(join(write("m/a", "1"), "..")));
    const more = [...hashed, ...(await hashFiles(await modelFiles(write("b", "2"))))];
    expect(versionDigest(more)).toBe(versionDigest([...more].reverse()));
    expect(versionDigest(more)).not.toBe(versionDigest(hashed));
  });
});

describe("source files", () => {
  test("what tools leave in a folder is not taken", async () => {
    for (const path of ["score.py", "lib/x.py", ".git/HEAD", "lib/__pycache__/x.pyc", ".venv/a", "node_modules/b"])
      write(path);
    expect((await sourceFiles(folder)).map(({ path }) => path)).toEqual(["lib/x.py", "score.py"]);
  });

  test("a text in another encoding, and a folder in place of a file, are refused before anything is sent", async () => {
    const sample = join(folder, "sample.json");
    writeFileSync(sample, Buffer.from('{"data": ["caf\u00e9"]}', "latin1"));
    await expect(readImageParts({ sample })).rejects.toThrow(`${sample} is not UTF-8 text`);
    await expect(checkImageParts({ sample: folder })).rejects.toThrow(`${folder} is a folder; name a file`);
  });

  test("a script alone takes only itself along", async () => {
    write("other.py");
    const { script } = await readImageParts({ script: write("score.py") });
    expect(script).toMatchObject({ entry: "score.py", files: [{ path: "score.py" }] });
  });

  test("with a source folder the entry is relative to it", async () => {
    write("src/lib.py");
    const { script } = await readImageParts({ script: write("src/a/score.py"), sourceDir: join(folder, "src") });
    expect(script?.entry).toBe("a/score.py");
    expect(script?.files.map(({ path }) => path)).toEqual(["a/score.py", "lib.py"]);
  });

  test("a script outside its source folder is refused", async () => {
    mkdirSync(join(folder, "src"));
    const parts = readImageParts({ script: write("score.py"), sourceDir: join(folder, "src") });
    await expect(parts).rejects.toMatchObject({ code: "script-invalid" });
  });
});
