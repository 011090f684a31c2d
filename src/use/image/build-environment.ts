import { mkdir, readdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import type { CommandResult } from "../../kernel/exec.ts";
import { condaLock, createCondaEnvironment, findCondaTool } from "./conda-tool.ts";
import type { EnvironmentSpec } from "./environment-spec.ts";
import type { Interpreter } from "./interpreters.ts";
import { isOptionLine, pipEnvironment, plainOptions, requirementName, type ToolPorts } from "./pip.ts";
import { pipFailure, venvFailure } from "./pip-failure.ts";
import { compareVersions } from "./python-version.ts";
import { normaliseName } from "./requirements.ts";

/** What one build takes; `interpreter` is null for kind `conda`. */
export interface Build extends ToolPorts {
  spec: EnvironmentSpec;
  interpreter: Interpreter | null;
  /** The folder of this environment, which the build makes. */
  folder: string;
  /** The kept log, as failures name it. */
  log: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** What was built: the full version of its Python and the sorted list of what is installed. */
export interface Built {
  pythonVersion: string;
  lock: string[];
}

/** Below this pip neither resolves conflicts nor knows the tags of today's wheels (manylinux2014, manylinux_2_17). */
const modernPip = "20.3";
/** Packages that come with every virtual environment. */
const toolPackages = new Set(["pip", "setuptools", "wheel", "distribute"]);

/** The folder of the environment proper, the same for both kinds. */
function prefixOf(folder: string): string {
  return join(folder, "venv");
}

/** Its interpreter. */
export function pythonOf(folder: string): string {
  return join(prefixOf(folder), "bin", "python");
}

async function run(build: Build, argv: [string, ...string[]]): Promise<CommandResult> {
  const { exec, toolEnvironment, folder, onLine, signal } = build;
  const result = await exec({ argv, cwd: folder, env: pipEnvironment(toolEnvironment), onLine, signal });
  signal.throwIfAborted();
  return result;
}

function pip(build: Build, ...args: string[]): Promise<CommandResult> {
  return run(build, [pythonOf(build.folder), "-m", "pip", ...args]);
}

async function bundledPip(prefix: string, minor: string): Promise<string | undefined> {
  const files = await readdir(join(prefix, "lib", `python${minor}`, "site-packages")).catch(() => []);
  return files.map((file) => /^pip-(.+)\.dist-info$/.exec(file)?.[1]).find((version) => version !== undefined);
}

/** Replaces a very old pip by the last one that runs on this Python; when that fails the old one is used. */
async function modernisePip(build: Build, minor: string): Promise<void> {
  const version = await bundledPip(prefixOf(build.folder), minor);
  if (version === undefined || compareVersions(version, modernPip) >= 0) return;
  const { code } = await pip(build, "install", ...plainOptions, "--retries", "1", "--upgrade", `pip>=${modernPip}`);
  if (code !== 0) build.onLine(`pip ${version} is kept`);
}

/** `pip freeze` without what comes with every environment, unless the specification names it. */
async function pipLock(build: Build): Promise<string[]> {
  const { code, stdout, stderr } = await pip(
    { ...build, onLine: () => {} },
    "freeze",
    "--all",
    "--disable-pip-version-check",
  );
  if (code !== 0) throw pipFailure({ output: `${stdout}${stderr}`, requirements: [], log: build.log });
  const named = new Set(build.spec.requirements.map(requirementName));
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^[A-Za-z0-9][A-Za-z0-9._-]*(?:==| @ )/.test(line))
    .filter((line) => {
      const name = normaliseName(/^[A-Za-z0-9._-]+/.exec(line)?.[0] ?? "");
      return !toolPackages.has(name) || named.has(name);
    });
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function buildVenv(build: Build, interpreter: Interpreter): Promise<Built> {
  const { folder, spec, log } = build;
  if (!interpreter.hasVenv) throw venvFailure("ensurepip is not available", interpreter, log);
  build.onLine(`Python ${interpreter.version} (${interpreter.path})`);
  const venv = await run(build, [interpreter.path, "-m", "venv", prefixOf(folder)]);
  // venv hides what ensurepip said, so that a full disk shows only in the space that is left
  if (venv.code !== 0 && (await freeBytes(folder)) < 1_000_000) throw new ModelyardError("disk-full");
  if (venv.code !== 0) throw venvFailure(`${venv.stdout}${venv.stderr}`, interpreter, log);
  if (spec.requirements.some((line) => !isOptionLine(line))) {
    await modernisePip(build, interpreter.minor);
    const file = join(folder, "requirements.txt");
    await writeFile(file, `${spec.requirements.join("\n")}\n`);
    const { code, stdout, stderr } = await pip(build, "install", ...plainOptions, "--prefer-binary", "-r", file);
    if (code !== 0) throw pipFailure({ output: `${stdout}${stderr}`, requirements: spec.requirements, log });
  }
  return { pythonVersion: interpreter.version, lock: (await pipLock(build)).sort() };
}

async function buildConda(build: Build): Promise<Built> {
  const { folder, spec, log, toolEnvironment } = build;
  const prefix = prefixOf(folder);
  const tool = await findCondaTool(toolEnvironment);
  if (tool === null)
    throw new ModelyardError("environment-failed", { reason: "neither micromamba nor conda is on the PATH", log });
  const file = join(folder, "environment.yml");
  await createCondaEnvironment({ tool, prefix, file, conda: spec.conda ?? "", log }, (argv) => run(build, argv));
  const version = await run(build, [pythonOf(folder), "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]);
  if (version.code !== 0)
    throw new ModelyardError("environment-failed", {
      reason: "conda made an environment without a Python that runs",
      log,
    });
  return {
    pythonVersion: version.stdout.trim(),
    lock: [...(await condaLock(prefix)), ...(await pipLock(build))].sort(),
  };
}

/**
 * Builds an environment in `folder`, which must not exist yet. On failure the folder is left as it is: the caller
 * removes it. Throws what pip-failure.ts tells, or the reason of `signal`.
 */
export async function buildEnvironment(build: Build): Promise<Built> {
  await mkdir(build.folder, { recursive: true });
  if (build.spec.kind === "conda") return buildConda(build);
  if (build.interpreter === null) throw new Error("a virtual environment is built with an interpreter");
  return buildVenv(build, build.interpreter);
}
