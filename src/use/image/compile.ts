import { createReadStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompiledInput } from "../../contract/compiled-input.ts";
import type { Compiled } from "../../contract/image.ts";
import type { Exec } from "../../kernel/exec.ts";
import { uuid7 } from "../../kernel/ids.ts";
import type { BlobStore } from "../../register/ports.ts";
import type { Converters } from "./converters.ts";
import { type ImageFolders, interpreterOf, writeFiles } from "./layout.ts";
import type { PreparedEnvironment } from "./prepare-environment.ts";
import type { ResolvedModel } from "./source-of-environment.ts";

export interface CompilePorts {
  exec: Exec;
  blobs: BlobStore;
  folders: ImageFolders;
  /** Gives what converts models for a Python. */
  converters(python: { path: string; version: string }, onLine: (line: string) => void): Promise<Converters>;
  /** The Python worker's program, which converts; and the command that compares, with a folder behind it. */
  compiler: { worker: string; compare: readonly [string, ...string[]]; environment: Record<string, string> };
}

export interface CompileRequest {
  model: ResolvedModel;
  environment: PreparedEnvironment;
  /** Rows that fit, of a sample. */
  rows: readonly unknown[][];
  /** Types of the columns as a signature tells them. */
  types: readonly string[] | null;
  limitMs: number;
  onLine(line: string): void;
}

export type Compiling = { compiled: Compiled; columns: number | null } | { reason: string };

/** Made-up rows are the same at every build. */
const seed = 20_190_506;

/** What `--compile` of the worker and `--compare` leave behind; see python/src/modelyard/compile/main.py. */
type Converted = { input: CompiledInput; rows: number } | { reason: string };
type Compared = { path: string; largestDifference: number; columns: number | null } | { path: null; reason: string };

/**
 * Makes ONNX of a model and compares its answers with the model's own, in processes that may be lost; neither sees the server's
 * environment. Gives what is served in place of Python, or why nothing is, in one line. Throws what reading the blobs throws.
 */
export async function compileModel(ports: CompilePorts, request: CompileRequest): Promise<Compiling> {
  const hopeless = hopelessOf(request);
  if (hopeless !== undefined) return { reason: hopeless };
  const { environment, onLine, limitMs } = request;
  const python = { path: interpreterOf(ports.folders, environment), version: environment.python };
  const converters = await ports.converters(python, onLine);
  if ("reason" in converters) return converters;
  const folder = join(ports.folders.images, `compile.${uuid7()}.tmp`);
  try {
    const end = performance.now() + limitMs;
    const late = { reason: `it took over ${limitMs / 1000} seconds` };
    await writeAsk(ports.blobs, folder, request);
    const env = { ...environmentOf(ports, folder), PYTHONPATH: converters.folder };
    const argv = [python.path, ports.compiler.worker, "--compile", folder] as const;
    const ran = await ports.exec({ argv, cwd: folder, env, timeoutMs: limitMs });
    const converted = await readConverted(folder);
    if (converted === undefined)
      return performance.now() > end ? late : { reason: `Python ended with ${ran.code}: ${lastLine(ran.stderr)}` };
    if ("reason" in converted) return converted;
    const compare = [...ports.compiler.compare, folder] as const;
    const timeoutMs = Math.max(1000, end - performance.now());
    const { code, stdout, stderr } = await ports.exec({ argv: compare, env: ports.compiler.environment, timeoutMs });
    if (code !== 0)
      return performance.now() > end ? late : { reason: `its ONNX crashes the runtime: ${lastLine(stderr)}` };
    const compared = JSON.parse(stdout) as Compared;
    if (compared.path === null) return { reason: compared.reason };
    const { digest, size } = await ports.blobs.put(createReadStream(join(folder, compared.path)));
    const { input, rows } = converted;
    const packages = [...environment.lock, ...converters.pins].sort();
    const file = { path: "model.onnx", digest, size };
    const { largestDifference, columns } = compared;
    return { compiled: { file, input, rows, largestDifference, python: environment.python, packages }, columns };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is known not to convert before anything is installed for it. */
function hopelessOf({ model: { reading, mlflow }, environment }: CompileRequest): string | undefined {
  const root = reading?.rootClass ?? "";
  const family = root.split(".")[0] ?? "";
  if (root !== "" && root !== "builtins.dict" && !["sklearn", "xgboost", "lightgbm"].includes(family))
    return `nothing converts a ${root}`;
  if (/\.Booster$/.test(root)) return `it is a ${root}; an estimator, such as XGBClassifier, can be compiled`;
  if (reading?.kind === "native" && reading.framework === "CatBoost") return "nothing converts a model of CatBoost";
  if (reading?.kind === "native") return `it is a file of ${reading.framework}; a pickled estimator can be compiled`;
  if (mlflow !== null && mlflow.sklearn === null) return "MLflow loads it";
  const hasSklearn = environment.lock.some((line) => /^scikit[-_]learn(==| @)/i.test(line));
  return hasSklearn ? undefined : "its environment has no scikit-learn";
}

async function writeAsk(blobs: BlobStore, folder: string, { model, rows, types }: CompileRequest): Promise<void> {
  const { name, version, files, framework } = model;
  const path = join(folder, "model");
  await mkdir(path, { recursive: true, mode: 0o700 });
  await writeFiles(blobs, files, path);
  const named = { name, version, path, files: files.map((file) => ({ path: file.path, digest: file.digest })) };
  const ask = { model: framework === null ? named : { ...named, framework }, rows, types, seed };
  await writeFile(join(folder, "ask.json"), JSON.stringify(ask));
}

async function readConverted(folder: string): Promise<Converted | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "result.json"), "utf8")) as Converted;
  } catch {
    return undefined;
  }
}

/** As a worker's: nothing of the server's own, one thread. */
const environmentOf = ({ compiler }: CompilePorts, home: string): Record<string, string> => ({
  PATH: "/usr/local/bin:/usr/bin:/bin",
  LANG: "C.UTF-8",
  HOME: home,
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  ...compiler.environment,
});

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
