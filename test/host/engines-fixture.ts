import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WantedModel, WantedRevision } from "../../src/contract/host.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { root, sumsRevision } from "./host-fixture.ts";

export const onnxFixtures = join(root, "test/host/fixtures/onnx");

const fileOf = (folder: string, path: string) => ({ path, digest: sha256(readFileSync(join(folder, path))) });

/** A revision that runs one of the ONNX files of the tests, from a copy in a folder of its own. */
export function onnxRevision(folder: string, file: string, more: Partial<WantedRevision> = {}): WantedRevision {
  const path = mkdtempSync(join(folder, "model-"));
  copyFileSync(join(onnxFixtures, file), join(path, "model.onnx"));
  const model: WantedModel = { name: "sums", version: 1, path, files: [fileOf(path, "model.onnx")], framework: "Onnx" };
  return sumsRevision({ python: null, models: [model], image: `image-${file}`, ...more });
}

/** The same by a server that is started; the first number of a row is also a time to wait, in milliseconds. */
export function httpRevision(folder: string, more: Partial<WantedRevision> = {}): WantedRevision {
  const path = mkdtempSync(join(folder, "model-"));
  copyFileSync(join(root, "test/host/fixtures/upstream.mjs"), join(path, "upstream.mjs"));
  const model: WantedModel = { name: "sums", version: 1, path, files: [fileOf(path, "upstream.mjs")], framework: null };
  const command = [process.execPath, "{model}/upstream.mjs", "{port}"];
  const upstream = { command, health: "/health", score: "/sum" };
  return sumsRevision({ python: null, models: [model], image: "image-http", upstream, ...more });
}

const sums = `
import time
class Sums:
    def predict(self, rows):
        if len(rows[0]) != 3:
            raise ValueError("expected rows of 3 numbers, got %d" % len(rows[0]))
        time.sleep(max(row[0] for row in rows) / 1000)
        return [float(sum(row)) for row in rows]
`;

/** The same in Python, of the standard library; the first number of a row is also a time to wait, in milliseconds. */
export function pythonRevision(folder: string, more: Partial<WantedRevision> = {}): WantedRevision {
  const path = mkdtempSync(join(folder, "model-"));
  writeFileSync(join(path, "sums_model.py"), sums);
  const save = "import pickle, sums_model; pickle.dump(sums_model.Sums(), open('model.pkl', 'wb'))";
  execFileSync("python3", ["-B", "-c", save], { cwd: path, env: { ...process.env, PYTHONPATH: path } });
  const files = ["model.pkl", "sums_model.py"].map((name) => fileOf(path, name));
  return sumsRevision({ models: [{ name: "sums", version: 1, path, files, framework: null }], ...more });
}
