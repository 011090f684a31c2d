import { ModelyardError } from "../../contract/errors.ts";
import { isOptionLine, requirementName } from "./pip.ts";
import { normaliseName, withoutCredentials } from "./requirements.ts";

/** A failed run of pip: everything it printed, the lines of the file it was given, and where its log is kept. */
export interface PipRun {
  output: string;
  /** Line n of the requirements file is `requirements[n - 1]`. */
  requirements: readonly string[];
  log: string;
}

/** True when the output says that the disk is full. */
export function saysDiskFull(output: string): boolean {
  return /No space left on device|Errno 28\b|ENOSPC|Disk quota exceeded/i.test(output);
}

const networkSigns =
  /Max retries exceeded|connection broken by|Temporary failure in name resolution|Name or service not known|Network is unreachable|Connection refused|Connection reset|Read timed out|ReadTimeoutError|ConnectTimeoutError|CERTIFICATE_VERIFY_FAILED|ProxyError|There was a problem confirming the ssl certificate/i;

/** Why the package index could not be reached, in one line; undefined when it was reached. */
export function networkReason(output: string): string | undefined {
  const sign = networkSigns.exec(output);
  // pip lists versions only after the index has answered: an earlier hiccup is not the cause then
  if (!sign || /\(from versions: (?!none)[^)\s]/.test(output)) return undefined;
  if (/CERTIFICATE_VERIFY_FAILED|ssl certificate/i.test(output))
    return "the certificate of the package index is not trusted on this machine (set PIP_CERT to the file of your authority)";
  const cause = /(?:\[Errno -?\d+\] [A-Za-z ]+|Read timed out|ProxyError|Connect timed out)/.exec(output)?.[0];
  return `the package index cannot be reached${cause ? ` (${cause.trim()})` : ""}`;
}

function oneLine(text: string, limit = 300): string {
  const line = withoutCredentials(text.replace(/\s+/g, " ").trim());
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** The line of the requirements that pip talks of, by its line number, else by the name of the package. */
function lineOf(mention: string, around: string, requirements: readonly string[]): string {
  const number = /\(line (\d+)\)/.exec(around)?.[1];
  const byNumber = number === undefined ? undefined : requirements[Number(number) - 1];
  if (byNumber !== undefined) return byNumber;
  const name = normaliseName(/^[A-Za-z0-9._-]+/.exec(mention.trim())?.[0] ?? "");
  return requirements.find((line) => !isOptionLine(line) && requirementName(line) === name) ?? mention.trim();
}

/** "0.9, 0.10, …, 1.6.1" without the middle. */
function shortVersions(list: string): string {
  const versions = list.split(",").map((version) => version.trim());
  return versions.length > 6 ? `… ${versions.slice(-6).join(", ")}` : versions.join(", ");
}

interface Finding {
  mention: string;
  around: string;
  reason: string;
}

function notFound(output: string): Finding | undefined {
  const match = /Could not find a version that satisfies the requirement (.+?) \(from versions: ?([^)]*)\)/.exec(
    output,
  );
  if (!match) {
    const short = /No matching distribution found for (.+)/.exec(output);
    return short ? { mention: short[1] ?? "", around: short[0], reason: "no such version for this Python" } : undefined;
  }
  const [around, mention = "", versions = ""] = match;
  const none = versions === "" || versions === "none";
  const subject = /^([A-Za-z0-9._-]+)/.exec(mention)?.[1] ?? mention;
  const reason = none
    ? `the index has no ${subject} that this Python can use; is its name right?`
    : `the index has no such version for this Python; it has ${shortVersions(versions)}`;
  return { mention, around, reason };
}

function conflict(output: string): Finding | undefined {
  const match = /Cannot install (.+?) because these package versions have conflicting dependencies/.exec(output);
  const double = /Double requirement given: (.+?) \(from .*?\(line \d+\)\) \(already in (.+?)[ ,]/.exec(output);
  if (double) return { mention: double[1] ?? "", around: double[0], reason: `it conflicts with ${double[2]}` };
  if (!match) return undefined;
  const [mention = "", ...others] = (match[1] ?? "").split(/,? and |, /);
  const detail = /The conflict is caused by:\n((?: {4}.+\n)+)/.exec(output)?.[1];
  const why = detail
    ? detail
        .trim()
        .split("\n")
        .slice(0, 2)
        .map((line) => line.trim())
        .join("; ")
    : others.join(", ");
  return { mention, around: "", reason: `it conflicts with other requirements: ${why}` };
}

function wrongPython(output: string): Finding | undefined {
  const match = /Package '?([^'\s]+)'? requires a different Python: (\S+) not in '?([^'\n]+)'?/.exec(output);
  const old = /^(\S+) requires Python '([^']+)' but the running Python is (\S+)/m.exec(output);
  if (old) return { mention: old[1] ?? "", around: "", reason: `it needs Python ${old[2]}, and this is ${old[3]}` };
  return match
    ? { mention: match[1] ?? "", around: "", reason: `it needs Python ${match[3]}, and this is ${match[2]}` }
    : undefined;
}

function unusable(output: string): Finding | undefined {
  const hashes = /THESE PACKAGES DO NOT MATCH THE HASHES[\s\S]*?\n\s+(.+?)(?: from \S+)?:?\n/.exec(output);
  if (hashes) return { mention: hashes[1] ?? "", around: hashes[0], reason: "its file does not match the given hash" };
  const http =
    /HTTP error (\d+)[^\n]*? (?:while getting|for url:?) (\S+)/i.exec(output) ??
    /(\d{3}) (?:Client|Server) Error: [^\n]*? for url: (\S+)/.exec(output);
  if (http) return { mention: http[2] ?? "", around: http[0], reason: `the server answered ${http[1]}` };
  const invalid = /Invalid requirement: '?([^'\n]+)'?/.exec(output);
  return invalid
    ? { mention: invalid[1] ?? "", around: "", reason: "it is not a requirement pip can read" }
    : undefined;
}

/** The last line of a failed build that says something: the exception, not pip's own frame around it. */
function buildReason(output: string): string {
  const lines = output.split("\n").map((line) => line.replace(/^[\s│|╰─>×]+/, "").trim());
  const error = lines.findLast((line) =>
    /^(?:[A-Za-z_.]*(?:Error|Exception)\b[^:]*:|error: (?!subprocess|metadata|command)|fatal error:)/.test(line),
  );
  return error ?? "its build failed";
}

function notBuilt(output: string): Finding | undefined {
  const names =
    /Failed building wheel for (\S+)/.exec(output)?.[1] ??
    /Could not build wheels for ([^\s,]+)/.exec(output)?.[1] ??
    /Failed to build (?:installable wheels for some pyproject\.toml based projects \()?([^\s,)]+)/.exec(output)?.[1];
  const isBuild =
    /metadata-generation-failed|subprocess-exited-with-error|setup\.py egg_info|Failed building wheel|egg_info" failed/.test(
      output,
    );
  if (names === undefined && !isBuild) return undefined;
  const collecting = [...output.matchAll(/^Collecting ([^\n]+)/gm)].at(-1)?.[1] ?? "";
  const reason = `there is no wheel of it for this Python, and its source does not build here: ${buildReason(output)}`;
  return { mention: names ?? collecting, around: names === undefined ? collecting : "", reason };
}

/** The last line with which pip itself reports an error. */
function lastError(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const error = lines.findLast((line) => /^ERROR: /.test(line)) ?? lines.findLast((line) => /error/i.test(line));
  return (error ?? lines.at(-1) ?? "pip printed nothing").replace(/^ERROR: /, "");
}

/**
 * Turns the output of a failed pip (18 to 25) into the failure a person can act on: `disk-full`, `package-not-found`
 * with the line that failed, or `environment-failed` (network, and whatever pip says that is none of these).
 */
export function pipFailure({ output, requirements, log }: PipRun): ModelyardError {
  if (saysDiskFull(output)) return new ModelyardError("disk-full");
  const network = networkReason(output);
  if (network !== undefined) return new ModelyardError("environment-failed", { reason: network, log });
  const finding = notFound(output) ?? conflict(output) ?? wrongPython(output) ?? unusable(output) ?? notBuilt(output);
  if (!finding) return new ModelyardError("environment-failed", { reason: oneLine(lastError(output)), log });
  const requirement = oneLine(lineOf(finding.mention, finding.around, requirements));
  return new ModelyardError("package-not-found", { requirement, reason: oneLine(finding.reason), log });
}

/** Turns the output of a failed `python -m venv` into a failure that names what is missing. */
export function venvFailure(output: string, python: { path: string; minor: string }, log: string): ModelyardError {
  if (saysDiskFull(output)) return new ModelyardError("disk-full");
  const missing = /ensurepip is not|No module named '?(?:venv|ensurepip)/.test(output);
  const reason = missing
    ? `${python.path} cannot make virtual environments; install the package python3-venv (python${python.minor}-venv)`
    : `virtual environment: ${oneLine(lastError(output))}`;
  return new ModelyardError("environment-failed", { reason, log });
}
