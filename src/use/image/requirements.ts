import { ModelyardError } from "../../contract/errors.ts";

/** One line of requirements, in canonical form. */
export interface Requirement {
  /** Normalised name (PEP 503), or "" for a bare URL. */
  name: string;
  /** The part pip compares: "==1.0.2", ">=1,<2", "@ https://…" or "". */
  specifier: string;
  marker: string;
  /** The whole line. */
  text: string;
}

/** A requirements file: options that say where pip looks, and what it installs. */
export interface Requirements {
  options: string[];
  requirements: Requirement[];
}

/** A logical line with the number of its first physical line, from 1. */
export interface NumberedLine {
  number: number;
  text: string;
}

/** PEP 503: names that differ only in case and in runs of `-_.` are one name. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** Hides the user and password of URLs, for texts that people and logs see. */
export function withoutCredentials(text: string): string {
  return text.replace(/(:\/\/)[^/\s@]+@/g, "$1****@");
}

/** Joins continued lines and drops comments, exactly as pip does. */
function logicalLines(text: string): NumberedLine[] {
  const lines: NumberedLine[] = [];
  let open: NumberedLine | undefined;
  for (const [i, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    const isComment = /^\s*#/.test(line);
    const continues = line.endsWith("\\") && !isComment;
    const part = continues ? line.slice(0, -1) : isComment ? ` ${line}` : line;
    const current: NumberedLine = open ?? { number: i + 1, text: "" };
    current.text += part;
    open = continues ? current : undefined;
    if (!continues) lines.push(current);
  }
  if (open) lines.push(open);
  return lines
    .map(({ number, text: line }) => ({ number, text: line.replace(/(^|\s+)#.*$/, "").trim() }))
    .filter((line) => line.text !== "");
}

const valueOptions: Record<string, string> = {
  "-i": "--index-url",
  "--index-url": "--index-url",
  "--pypi-url": "--index-url",
  "--extra-index-url": "--extra-index-url",
  "-f": "--find-links",
  "--find-links": "--find-links",
  "--trusted-host": "--trusted-host",
  "--no-binary": "--no-binary",
  "--only-binary": "--only-binary",
};
const flagOptions = new Set(["--no-index", "--pre", "--prefer-binary", "--require-hashes"]);
const fileOptions = new Set(["-r", "--requirement", "-c", "--constraint", "-e", "--editable"]);

const isUrl = (text: string): boolean => /^(?:(?:git|hg|svn|bzr)\+)?(?:https?|ssh|git):\/\//i.test(text);

/** Splits "-ifoo", "-i foo", "--index-url=foo" into the option and its value. */
function splitOption(text: string): [string, string] {
  const long = /^(--[a-z-]+)(?:\s*=\s*|\s+|$)(.*)$/s.exec(text);
  if (long) return [long[1] ?? "", (long[2] ?? "").trim()];
  return [
    text.slice(0, 2),
    text
      .slice(2)
      .replace(/^\s*=?\s*/, "")
      .trim(),
  ];
}

/** One option in canonical form, or the reason why it is refused. */
function parseOption(text: string): { option: string } | { problem: string } {
  const [name, value] = splitOption(text);
  if (fileOptions.has(name))
    return { problem: `\`${text}\` names a file, and files do not travel with it: put its lines here` };
  if (flagOptions.has(name) && value === "") return { option: name };
  const canonical = valueOptions[name];
  if (!canonical) return { problem: `the option \`${name}\` is not one that can be kept` };
  if (value === "" || /\s/.test(value)) return { problem: `the option \`${name}\` takes one value` };
  if (canonical === "--find-links" && !isUrl(value))
    return { problem: `\`${text}\` names a local folder, which does not travel with it` };
  return { option: `${canonical} ${value}` };
}

const namePattern = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;
const clausePattern = /^(===|==|~=|!=|<=|>=|<|>)\s*([A-Za-z0-9][A-Za-z0-9._*+!-]*)$/;

function canonicalSpecifier(text: string): string | undefined {
  const inner = /^\((.*)\)$/s.exec(text.trim())?.[1] ?? text;
  const clauses: string[] = [];
  for (const clause of inner.split(",").map((part) => part.trim())) {
    if (clause === "") continue;
    const match = clausePattern.exec(clause);
    if (!match) return undefined;
    clauses.push(`${match[1]}${match[2]}`);
  }
  return [...new Set(clauses)].sort().join(",");
}

function canonicalMarker(text: string): string {
  return text
    .trim()
    .replace(/'([^'"]*)'/g, '"$1"')
    .replace(/\s*(===|==|~=|!=|<=|>=|<|>)\s*/g, " $1 ")
    .replace(/\s+/g, " ");
}

const isLocal = (text: string): boolean =>
  /^(?:[./~\\]|file:|[A-Za-z]:[\\/])/i.test(text) ||
  (/\.(?:whl|zip|tar\.(?:gz|bz2|xz)|tgz)$/i.test(text) && !isUrl(text));

/** Takes the `--hash=…` options off the end of a line, sorted. */
function splitHashes(text: string): { rest: string; hashes: string[] } {
  const hashes: string[] = [];
  const rest = text.replace(/\s--hash(?:=|\s+)([a-z0-9]+:[0-9a-fA-F]+)(?=\s|$)/g, (_, hash: string) => {
    hashes.push(`--hash=${hash.toLowerCase()}`);
    return "";
  });
  return { rest: rest.trim(), hashes: [...new Set(hashes)].sort() };
}

/** One requirement in canonical form, or the reason why it is refused. */
function parseRequirement(line: string): { requirement: Requirement } | { problem: string } {
  const { rest, hashes } = splitHashes(line);
  const build = (name: string, head: string, specifier: string, marker: string) => {
    const body = `${head}${specifier.startsWith("@") ? ` ${specifier}` : specifier}`;
    const tail = marker === "" ? "" : `${specifier.includes("@") || name === "" ? " " : ""}; ${marker}`;
    return { requirement: { name, specifier, marker, text: [body + tail, ...hashes].join(" ") } };
  };
  const local = { problem: `\`${line}\` is a local path, and files do not travel with it` };
  if (isLocal(rest)) return local;
  const markerAt = isUrl(rest) || /^[^;]*@/.test(rest) ? rest.search(/\s;/) : rest.indexOf(";");
  const head = (markerAt < 0 ? rest : rest.slice(0, markerAt)).trim();
  const marker = markerAt < 0 ? "" : canonicalMarker(rest.slice(markerAt).replace(/^\s*;/, ""));
  if (isUrl(head)) return /\s/.test(head) ? { problem: `\`${line}\` is not a URL` } : build("", head, "", marker);
  const [, rawName, extras, tail = ""] = namePattern.exec(head) ?? [];
  const problem = { problem: `\`${line}\` is not a requirement in pip's format` };
  if (rawName === undefined || (markerAt >= 0 && marker === "")) return problem;
  const wanted = (extras ?? "").split(",").map((extra) => normaliseName(extra.trim()));
  const bracket = [...new Set(wanted.filter((extra) => extra !== ""))].sort().join(",");
  const named = `${normaliseName(rawName)}${bracket === "" ? "" : `[${bracket}]`}`;
  if (tail.startsWith("@")) {
    const url = tail.slice(1).trim();
    if (isLocal(url)) return local;
    return isUrl(url) && !/\s/.test(url) ? build(normaliseName(rawName), named, `@ ${url}`, marker) : problem;
  }
  const specifier = canonicalSpecifier(tail);
  return specifier === undefined ? problem : build(normaliseName(rawName), named, specifier, marker);
}

const isFormatControl = (option: string): boolean => /^--(?:no|only)-binary/.test(option);

/** pip takes the last index URL, sees format controls in their order, and does not care about the order of the others. */
function canonicalOptions(options: string[]): string[] {
  const index = options.findLast((option) => option.startsWith("--index-url"));
  const kept = options.filter((option) => !option.startsWith("--index-url") || option === index);
  const plain = [...new Set(kept.filter((option) => !isFormatControl(option)))].sort();
  return [...plain, ...kept.filter(isFormatControl)];
}

/**
 * Reads logical lines; `file` names them in the failure `environment-file-invalid`, which lists every mistake.
 * Index options, `--pre`, binary controls and hashes are kept; other files, folders and unknown options are refused.
 */
export function parseRequirementLines(lines: readonly NumberedLine[], file: string): Requirements {
  const problems: string[] = [];
  const options: string[] = [];
  const requirements = new Map<string, Requirement>();
  for (const { number, text } of lines) {
    const parsed = text.startsWith("-") ? parseOption(text) : parseRequirement(text);
    if ("problem" in parsed) problems.push(`line ${number}: ${parsed.problem}`);
    else if ("option" in parsed) options.push(parsed.option);
    else requirements.set(parsed.requirement.text, parsed.requirement);
  }
  if (problems.length > 0)
    throw new ModelyardError("environment-file-invalid", { file, reason: withoutCredentials(problems.join("; ")) });
  const sorted = [...requirements.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return { options: canonicalOptions(options), requirements: sorted };
}

/** Reads the text of a requirements.txt (pip's format, PEP 508 lines). Throws `environment-file-invalid`. */
export function parseRequirements(text: string, file = "requirements.txt"): Requirements {
  return parseRequirementLines(logicalLines(text), file);
}

/** The canonical lines: equal files, whatever their order, case and comments, give equal lists. */
export function requirementLines({ options, requirements }: Requirements): string[] {
  return [...options, ...requirements.map(({ text }) => text)];
}
