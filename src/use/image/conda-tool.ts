import { access, constants, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import type { CommandResult, Exec } from "../../kernel/exec.ts";
import { networkReason, pipFailure, saysDiskFull } from "./pip-failure.ts";

/** The first of micromamba, mamba and conda on the PATH of this environment, or null. */
export async function findCondaTool(environment: Record<string, string>): Promise<string | null> {
  const folders = (environment.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  for (const name of ["micromamba", "mamba", "conda"]) {
    for (const folder of folders) {
      const file = join(folder, name);
      const usable = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (usable) return file;
    }
  }
  return null;
}

/** The argument list that makes the environment `prefix` from a conda file; nothing is asked in between. */
function condaCommand(tool: string, prefix: string, file: string): [string, ...string[]] {
  if (basename(tool) === "micromamba") return [tool, "create", "-y", "-p", prefix, "-f", file];
  return [tool, "env", "create", "-p", prefix, "-f", file];
}

/** Turns the output of a failed conda into a failure that names the package where it can. */
function condaFailure(output: string, log: string): ModelyardError {
  if (saysDiskFull(output)) return new ModelyardError("disk-full");
  const network =
    networkReason(output) ??
    (/CondaHTTPError|Could not resolve host/.test(output) ? "a channel cannot be reached" : undefined);
  if (network !== undefined) return new ModelyardError("environment-failed", { reason: network, log });
  const missing =
    /nothing provides requested ([^\n]+)/.exec(output)?.[1] ??
    /─ ([^\n]+?) does not exist/.exec(output)?.[1] ??
    /(?:PackagesNotFoundError|ResolvePackageNotFound)[\s\S]*?\n\s+- ([^\n]+)/.exec(output)?.[1];
  if (missing !== undefined)
    return new ModelyardError("package-not-found", {
      requirement: missing.trim(),
      reason: "no channel of the file has it",
      log,
    });
  return pipFailure({ output, requirements: [], log });
}

/** Makes `prefix` from the text of a conda file, which is kept beside it. Throws `package-not-found`, `environment-failed`. */
export async function createCondaEnvironment(
  { tool, prefix, file, conda, log }: { tool: string; prefix: string; file: string; conda: string; log: string },
  run: (argv: [string, ...string[]]) => ReturnType<Exec>,
): Promise<void> {
  await writeFile(file, conda);
  const { code, stdout, stderr }: CommandResult = await run(condaCommand(tool, prefix, file));
  if (code !== 0) throw condaFailure(`${stdout}${stderr}`, log);
}

/** What conda installed, as `name-version-build`, from its own record of the environment (`conda-meta`). */
export async function condaLock(prefix: string): Promise<string[]> {
  const files = await readdir(join(prefix, "conda-meta")).catch(() => []);
  return files.filter((file) => file.endsWith(".json")).map((file) => `conda:${file.slice(0, -".json".length)}`);
}
