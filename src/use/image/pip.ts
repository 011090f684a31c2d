import type { Exec } from "../../kernel/exec.ts";

/** What running a tool takes: see `Command` for `exec`; `toolEnvironment` is the whole environment of the tool. */
export interface ToolPorts {
  exec: Exec;
  toolEnvironment: Record<string, string>;
}

/** Settings of a person's own pip that would send packages elsewhere than into the environment being built. */
const misleading = new Set(["PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT"]);

/** The tool environment made fit for pip: English messages, no questions, nothing of the user's own site-packages. */
export function pipEnvironment(toolEnvironment: Record<string, string>): Record<string, string> {
  const kept = Object.entries(toolEnvironment).filter(([name]) => !misleading.has(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: "C.UTF-8",
    PIP_NO_INPUT: "1",
    // with no retry at all pip reports an index it cannot reach as a package that does not exist
    ...(toolEnvironment.PIP_RETRIES === "0" ? { PIP_RETRIES: "1" } : {}),
    PIP_REQUIRE_VIRTUALENV: "0",
    PIP_USER: "0",
    PYTHONNOUSERSITE: "1",
  };
}

/** Options that keep pip's output plain; all of them are known to pip 18, the oldest that Python 3.6 brings. */
export const plainOptions = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"] as const;

/** The name of a package with what follows it, taken from a canonical line. */
export function requirementName(line: string): string {
  return /^[a-z0-9-]+/.exec(line)?.[0] ?? "";
}

/** The lines of a specification that are options of pip, not requirements. */
export function isOptionLine(line: string): boolean {
  return line.startsWith("--");
}
