import { ModelyardError } from "../../contract/errors.ts";
import type { Interpreter } from "./interpreters.ts";
import { inOrder } from "./interpreters.ts";
import { isOptionLine, pipEnvironment, plainOptions, requirementName, type ToolPorts } from "./pip.ts";
import { networkReason } from "./pip-failure.ts";
import { compareVersions, sameVersion } from "./python-version.ts";

/** The first pip that answers for other Pythons without installing anything (`--dry-run`). */
const oldestProbe = "22.2";
const probeTimeoutMs = 300_000;

/** Asks the index through pip which packages exist for which Python. */
export interface WheelProbe {
  /** The first of the requirements without a wheel for this minor version, or undefined when all have one. */
  missing(minor: string, requirements: readonly string[]): Promise<string | undefined>;
  /** The versions the index has of a pinned requirement, in any form and for any Python. */
  versions(requirement: string): Promise<string[]>;
}

/** The requirements that name one version on every machine: `==` or `===`, no marker. Hashes are left out. */
export function pinnedRequirements(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !isOptionLine(line) && !line.includes(";") && !line.includes(" @ "))
    .map((line) => line.replace(/ --hash=\S+/g, ""))
    .filter((line) => /^[a-z0-9-]+(?:\[[^\]]*\])?===?[^,]+$/.test(line));
}

/** Whether the index has the version that a pinned requirement names. */
export function hasVersion(requirement: string, versions: readonly string[]): boolean {
  const pinned = requirement.replace(/^[^=]*===?/, "");
  return versions.some((version) => sameVersion(pinned, version));
}

/** The specification's options as arguments; `${NAME}` is filled in as pip does in a requirements file. */
function indexOptions(lines: readonly string[], environment: Record<string, string>): string[] {
  return lines
    .filter((line) => /^--(?:index-url|extra-index-url|find-links|trusted-host|no-index|pre)\b/.test(line))
    .flatMap((line) => line.split(" "))
    .map((part) => part.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => environment[name] ?? whole));
}

/**
 * A probe that runs on the best pip among the interpreters; undefined when none is new enough to be asked.
 * `lines` is the whole specification. Its answers throw `environment-failed` when the index cannot be reached.
 */
export function makeWheelProbe(
  interpreters: readonly Interpreter[],
  lines: readonly string[],
  { exec, toolEnvironment, signal }: ToolPorts & { signal?: AbortSignal },
): WheelProbe | undefined {
  const tool = inOrder(interpreters).find(
    ({ pipVersion }) => pipVersion && compareVersions(pipVersion, oldestProbe) >= 0,
  );
  if (!tool) return undefined;
  const ask = async (minor: string, options: string[], requirements: readonly string[]) => {
    const { code, stdout, stderr } = await exec({
      argv: [
        ...([tool.path, "-m", "pip", "install", "--dry-run", "--no-deps", "--quiet", ...plainOptions] as const),
        ...["--retries", "2", "--target", "none", "--python-version", minor, ...options],
        ...indexOptions(lines, toolEnvironment),
        ...requirements,
      ],
      cwd: "/",
      env: pipEnvironment(toolEnvironment),
      timeoutMs: probeTimeoutMs,
      signal,
    });
    signal?.throwIfAborted();
    const output = `${stdout}${stderr}`;
    const reason = code === 0 ? undefined : networkReason(output);
    const known = code === 0 || /No matching distribution found/.test(output);
    if (reason !== undefined || !known)
      throw new ModelyardError("environment-failed", {
        reason:
          reason ?? `pip does not say which Python has ${requirements.join(" ")}: ${output.trim().split("\n").at(-1)}`,
        log: "`modelyard doctor`",
      });
    return { fits: code === 0, output };
  };
  return {
    async missing(minor, requirements) {
      if (requirements.length === 0) return undefined;
      const { fits, output } = await ask(minor, ["--only-binary=:all:"], requirements);
      if (fits) return undefined;
      const named = requirementName((/No matching distribution found for (\S+)/.exec(output)?.[1] ?? "").toLowerCase());
      return requirements.find((line) => requirementName(line) === named) ?? requirements[0];
    },
    async versions(requirement) {
      // pip lists what it knows when it is asked for a version that nobody has released; nothing is downloaded then
      const { output } = await ask(tool.minor, [], [`${requirementName(requirement)}==0.0.0.dev0+none`]);
      const known = /\(from versions: ([^)]*)\)/.exec(output)?.[1]?.split(",") ?? [];
      const ignored = [...output.matchAll(/(?:python version: |; )(\S+) Requires-Python/g)].map(
        (match) => match[1] ?? "",
      );
      return [...known.map((version) => version.trim()).filter((version) => version !== "none"), ...ignored];
    },
  };
}
