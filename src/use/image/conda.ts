import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, stringify } from "yaml";
import { ModelyardError } from "../../contract/errors.ts";
import { pypiName } from "./conda-names.ts";
import {
  type NumberedLine,
  normaliseName,
  parseRequirementLines,
  parseRequirements,
  type Requirements,
} from "./requirements.ts";

/** What a conda file asks for, as far as it can be said in pip's words. */
export interface CondaTranslation {
  /** The wanted Python ("3.8", ">=3.6,<3.9"), or null when the file leaves it open. */
  python: string | null;
  requirements: Requirements;
  /** Packages only conda can install. */
  unsupported: string[];
  /** What was read in a way its author may want to know. */
  notes: string[];
  /** The same file in canonical form, for conda itself. */
  conda: string;
}

interface CondaFile {
  channels: string[];
  packages: NumberedLine[];
  pip: NumberedLine[];
}

/** A conda package with its version in PEP 440 clauses, or "" for any. */
interface Pin {
  name: string;
  channel: string | undefined;
  clauses: string;
}

function invalid(file: string, problems: string[]): ModelyardError {
  return new ModelyardError("environment-file-invalid", { file, reason: problems.join("; ") });
}

/** Reads the YAML and sorts its lines; every mistake is named with its line. */
function readCondaFile(text: string, file: string): CondaFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const line = (node: unknown): number => counter.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const syntax = document.errors.map(
    (error) => `line ${counter.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]}`,
  );
  if (syntax.length > 0) throw invalid(file, syntax);
  const root = document.contents;
  const dependencies = isMap(root) ? root.get("dependencies", true) : undefined;
  if (!isMap(root) || (dependencies !== undefined && !isSeq(dependencies)))
    throw invalid(file, ["it is not a conda environment file: `dependencies:` with a list is needed"]);
  const problems: string[] = [];
  const strings = (list: unknown, what: string): NumberedLine[] => {
    if (!isSeq(list)) return [];
    return list.items.flatMap((item) => {
      if (isScalar(item) && typeof item.value === "string") return [{ number: line(item), text: item.value.trim() }];
      problems.push(`line ${line(item)}: ${what} is expected here`);
      return [];
    });
  };
  const items = isSeq(dependencies) ? dependencies.items : [];
  const pip = items.flatMap((item) => (isMap(item) ? strings(item.get("pip", true), "a pip requirement") : []));
  const plain = { items: items.filter((item) => !isMap(item)) };
  const packages = plain.items.flatMap((item) => {
    if (isScalar(item) && typeof item.value === "string") return [{ number: line(item), text: item.value.trim() }];
    problems.push(`line ${line(item)}: a package such as \`numpy=1.21\` is expected here`);
    return [];
  });
  const others = items.filter(isMap).filter((item) => !item.has("pip"));
  problems.push(...others.map((item) => `line ${line(item)}: only \`pip:\` can hold a list here`));
  const channels = strings(root.get("channels", true), "a channel").map((channel) => channel.text);
  if (problems.length > 0) throw invalid(file, problems);
  return { channels, packages, pip };
}

/** One version clause of conda in PEP 440: `=1.2` is a prefix, a bare version is exact, `>=1.2.*` loses its star. */
function translateClause(clause: string): string | undefined {
  const match = /^(===|==|~=|!=|<=|>=|=|<|>)?\s*([A-Za-z0-9][A-Za-z0-9._+!-]*?)(\.?\*)?$/.exec(clause);
  if (!match) return undefined;
  const [, operator = "==", version = "", star] = match;
  if (operator === "=") return `==${version}.*`;
  if (star && (operator === "==" || operator === "!=")) return `${operator}${version}.*`;
  return `${operator}${version}`;
}

/**
 * Reads a conda package specification: `[channel::]name[=version[=build]]`, `name >=1.2,<2`, `name 1.2 build`,
 * `name[version=">=1.2"]`. Undefined when it cannot be said in PEP 440 (such as `1.2|1.3`).
 * Source of the format: conda's `MatchSpec`.
 */
function parsePin(text: string): Pin | undefined {
  const match = /^(?:([^:\s]+)::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(.*)$/.exec(text);
  if (!match) return undefined;
  const [, channel, name = "", rest = ""] = match;
  const bracket = /^\[\s*version\s*=\s*["']?([^"'\]]+)["']?\s*\]$/.exec(rest);
  const pin = { name: name.toLowerCase(), channel };
  const version = (bracket?.[1] ?? rest).trim();
  if (version === "" || version === "*" || version === "=*") return { ...pin, clauses: "" };
  const exact = /^={1,2}\s*([^=<>!~,|\s]+)=[^=,|\s]+$/.exec(version) ?? /^([^=<>!~,|\s]+)\s+[^=<>,|\s]+$/.exec(version);
  const parts = exact ? [`==${exact[1]}`] : version.split(",").map((part) => part.trim());
  const clauses = parts.map(translateClause);
  if (clauses.some((clause) => clause === undefined)) return undefined;
  return { ...pin, clauses: clauses.join(",") };
}

/** The Python a pin means. A patch release is left open: all patch releases of a minor version run the same packages. */
function wantedPython(clauses: string, notes: string[]): string | null {
  if (clauses === "") return null;
  const exact = /^==(\d+\.\d+)(?:\.(\d+))?(?:\.\*)?$/.exec(clauses);
  if (!exact) return clauses;
  if (exact[2] !== undefined)
    notes.push(
      `python ${exact[1]}.${exact[2]} is taken as ${exact[1]}: patch releases of one version run the same packages`,
    );
  return exact[1] ?? null;
}

/** The canonical text for conda itself: name, prefix and comments left out, everything in one order. */
function canonicalConda(file: CondaFile, kept: string[], pip: string[], python: string | null): string {
  const isPython = (text: string) => /^(?:[^:\s]+::)?python(?![A-Za-z0-9_.-])/i.test(text);
  const packages = python === null ? kept : [...kept.filter((text) => !isPython(text)), `python=${python}`];
  const names = packages.map((text) => text.replace(/^[^:\s]+::/, ""));
  const has = (name: string) => names.some((text) => new RegExp(`^${name}(?![A-Za-z0-9_.-])`, "i").test(text));
  const needed = ["python", "pip"].filter((name) => !has(name));
  const dependencies: unknown[] = [...packages, ...needed].sort();
  if (pip.length > 0) dependencies.push({ pip });
  return stringify({ channels: file.channels, dependencies });
}

/**
 * Translates the text of a conda.yml into pip's words. `isDropped` says which packages are left out of everything;
 * `python` is an explicit wish that replaces the file's own in the text for conda.
 * Throws `environment-file-invalid` with the line of every mistake; what only conda can install is in `unsupported`.
 */
export function translateConda(
  text: string,
  isDropped: (name: string) => boolean,
  file = "conda.yml",
  wanted: string | null = null,
): CondaTranslation {
  const source = readCondaFile(text, file);
  const pip = parseRequirementLines(source.pip, file);
  const notes: string[] = [];
  const unsupported: string[] = [];
  const lines: string[] = [];
  const problems: string[] = [];
  const kept: string[] = [];
  let python: string | null = null;
  for (const { number, text: item } of source.packages) {
    const pin = parsePin(item);
    if (!pin) {
      problems.push(`line ${number}: \`${item}\` is not a conda package that can be read`);
      continue;
    }
    if (!isDropped(normaliseName(pin.name))) kept.push(item);
    if (pin.name === "python") {
      python = wantedPython(pin.clauses, notes);
      continue;
    }
    const name = pypiName(pin.name, pin.channel);
    if (name === undefined) unsupported.push(item);
    else if (name !== null) lines.push(`${name}${pin.clauses}`);
  }
  if (problems.length > 0) throw invalid(file, problems);
  const fromConda = parseRequirements(lines.join("\n"), file);
  // a package of the pip part wins over the same one of the conda part, as it does when conda builds the environment
  const pipNames = new Set(pip.requirements.map(({ name }) => name));
  const requirements = [...fromConda.requirements.filter(({ name }) => !pipNames.has(name)), ...pip.requirements].sort(
    (a, b) => (a.text < b.text ? -1 : 1),
  );
  const pipKept = pip.requirements.filter(({ name }) => !isDropped(name)).map((requirement) => requirement.text);
  return {
    python,
    requirements: { options: pip.options, requirements },
    unsupported,
    notes,
    conda: canonicalConda(source, kept, [...pip.options, ...pipKept], wanted),
  };
}
