import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../kernel/hash.ts";
import { uuid7 } from "../../kernel/ids.ts";
import { pipEnvironment, plainOptions, type ToolPorts } from "./pip.ts";
import { networkReason } from "./pip-failure.ts";
import { compareVersions } from "./python-version.ts";

/**
 * What makes ONNX of a model, laid over the model's own packages: numpy and scikit-learn are the model's. Tried together; protobuf 7
 * refuses what skl2onnx 1.20 writes for histogram boosting.
 */
const pins: readonly string[] = [
  "skl2onnx==1.20.0",
  "onnx==1.23.2",
  "onnxmltools==1.16.0",
  "onnxconverter-common==1.16.0",
  "ml-dtypes==0.5.4",
  "protobuf==6.33.6",
  "typing-extensions==4.15.0",
  "packaging==25.0",
];
/** The oldest Python that all of them have wheels for. */
const oldestPython = "3.10";
/** An index that cannot be reached is not asked again for so long. */
const patienceMs = 600_000;
const prefix = "converters-";

export interface ConverterPorts extends ToolPorts {
  /** Root of all environments. */
  folder: string;
  now(): number;
}

/** The folder of the converters for a Python, or why there is none, one line. */
export type Converters = { folder: string; pins: readonly string[] } | { reason: string };

/**
 * Gives the converters for an environment's Python: a folder that goes in front of its packages. Installed at the first use, kept
 * with the environments, shared by all builds for the same minor version.
 */
export function converterBuilder(ports: ConverterPorts) {
  const running = new Map<string, Promise<Converters>>();
  let failed: { at: number; reason: string } | undefined;
  return async (python: { path: string; version: string }, onLine: (line: string) => void): Promise<Converters> => {
    const minor = python.version.split(".").slice(0, 2).join(".");
    if (compareVersions(minor, oldestPython) < 0)
      return { reason: `its environment has Python ${minor}, and the converters need ${oldestPython}` };
    const folder = join(ports.folder, `${prefix}${minor}-${sha256(pins.join("\n")).slice(0, 12)}`);
    if (await exists(folder)) return { folder, pins };
    if (failed !== undefined && ports.now() - failed.at < patienceMs) return { reason: failed.reason };
    const standing = running.get(folder);
    if (standing !== undefined) return standing;
    onLine("installing the converters, once for all models of this Python");
    const installing = install(ports, python.path, folder).finally(() => running.delete(folder));
    running.set(folder, installing);
    const made = await installing;
    if ("reason" in made) failed = { at: ports.now(), reason: made.reason };
    return made;
  };
}

async function install(
  { exec, toolEnvironment, folder: root }: ConverterPorts,
  python: string,
  folder: string,
): Promise<Converters> {
  const temp = `${folder}.${uuid7()}.tmp`;
  await mkdir(root, { recursive: true });
  const { code, stdout, stderr } = await exec({
    argv: [
      ...([python, "-m", "pip", "install", "--quiet", ...plainOptions] as const),
      ...["--retries", "1", "--timeout", "15", "--no-deps", "--only-binary=:all:", "--no-compile", "--target", temp],
      ...pins,
    ],
    env: pipEnvironment(toolEnvironment),
    timeoutMs: patienceMs,
  });
  if (code === 0) {
    await rename(temp, folder);
    return { folder, pins };
  }
  await rm(temp, { recursive: true, force: true });
  const output = `${stdout}${stderr}`;
  const reason = networkReason(output) ?? output.trim().split("\n").at(-1) ?? "";
  return { reason: `the converters could not be installed: ${reason}` };
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/** Removes what interrupted installations left behind. Only for the start of the server. */
export async function cleanConverters(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(prefix) && name.endsWith(".tmp"))
      await rm(join(folder, name), { recursive: true, force: true });
}
