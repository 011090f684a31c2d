import { readFile, stat } from "node:fs/promises";
import { basename, dirname, parse, resolve } from "node:path";
import { type Document, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import {
  type Config,
  type ConfigModel,
  configSchema,
  conflictsOf,
  knownKeysAt,
  settingNames,
} from "../contract/config.ts";
import { ModelyardError } from "../contract/errors.ts";
import { nearest } from "../kernel/did-you-mean.ts";
import type { Wanted, WantedModel } from "./wanted.ts";

type Path = readonly PropertyKey[];
interface Mistake {
  line: number;
  message: string;
}

/** Reads modelyard.yaml. Throws config-invalid with every mistake and its line; no-such-file. */
export async function readConfig(file: string): Promise<Wanted> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new ModelyardError("no-such-file", { path: file }, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistakes: Mistake[] = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    message: error.message,
  }));
  const at = (path: Path, message: string) =>
    mistakes.push({
      line: lineOf(document, lines, path),
      message: path.length === 0 ? message : `${label(path)} ${message}`,
    });
  if (mistakes.length === 0) {
    keepVersionText(document);
    const config = check(document.toJS(), at);
    await checkPaths(config, dirname(file), at);
  }
  if (mistakes.length > 0) throw invalid(file, mistakes);
  return wantedOf(configSchema.parse(document.toJS()), dirname(file));
}

/** `python: 3.10` is the number 3.1 to YAML; its text is what was meant. */
function keepVersionText(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === "python" && isScalar(pair.value) && pair.value.source !== undefined)
        pair.value.value = pair.value.source;
    },
  });
}

/** Collects all mistakes of form; gives the raw members for the checks that look further. */
function check(raw: unknown, at: (path: Path, message: string) => void): Record<string, unknown> {
  if (raw === null || typeof raw !== "object" || Array.isArray(raw)) {
    at([], "the file is not a list of `key: value` lines; it starts with `name:` and `model:`");
    return {};
  }
  for (const issue of configSchema.safeParse(raw).error?.issues ?? []) {
    if (issue.code !== "unrecognized_keys") {
      at(issue.path, issue.message);
      continue;
    }
    const known = knownKeysAt(issue.path);
    for (const key of issue.keys) {
      const near = nearest(key, known);
      at(
        [...issue.path, key],
        near === undefined ? `is not known; known are ${known.join(", ")}` : `is not known; did you mean ${near}?`,
      );
    }
  }
  for (const { path, message } of conflictsOf(raw as Record<string, unknown>)) at(path, message);
  return raw as Record<string, unknown>;
}

/** Every file the configuration names must be there. */
async function checkPaths(config: Record<string, unknown>, folder: string, at: (path: Path, message: string) => void) {
  const named: [Path, unknown][] = ["script", "sourceDir", "requirements", "conda", "sample"].map((key) => [
    [key],
    config[key],
  ]);
  named.push([["model"], config.model]);
  if (Array.isArray(config.models))
    for (const [index, model] of config.models.entries()) named.push([["models", index], model]);
  for (const [path, value] of named) {
    const isObject = value !== null && typeof value === "object";
    const text = isObject ? (value as ConfigModel).path : value;
    if (typeof text !== "string" || text === "") continue;
    const found = await stat(resolve(folder, text)).catch(() => undefined);
    if (found === undefined) at(isObject ? [...path, "path"] : path, `names ${text}, which is not there`);
  }
}

/** The line of a member; of the nearest member around it when it is missing. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const items = (parent as { items?: unknown[] } | undefined)?.items ?? [];
    const key = path[length - 1];
    const pair = items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    const node = isPair(pair) ? pair.key : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}

const label = (path: Path): string => `${path.map(String).join(".")}:`;

function invalid(file: string, mistakes: Mistake[]): ModelyardError {
  const problems = mistakes
    .sort((a, b) => a.line - b.line)
    .map(({ line, message }) => `  line ${line}: ${message}`)
    .join("\n");
  return new ModelyardError("config-invalid", { file, count: mistakes.length, problems });
}

function wantedOf(config: Config, folder: string): Wanted {
  const place = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const models = config.models ?? (config.model === undefined ? [] : [config.model]);
  const settings = Object.fromEntries(
    settingNames.map((name) => [name, config[name]]).filter(([, value]) => value !== undefined),
  );
  return {
    service: config.name,
    models: models.map((model) => wantedModel(model, config.models === undefined ? config.name : undefined, folder)),
    parts: {
      script: place(config.script),
      sourceDir: place(config.sourceDir),
      requirements: place(config.requirements),
      conda: place(config.conda),
      sample: place(config.sample),
    },
    python: config.python,
    accelerate: config.accelerate,
    upstream: config.upstream,
    settings,
  };
}

/** A single model is named after its service, one of several after its file. */
function wantedModel(model: ConfigModel, name: string | undefined, folder: string): WantedModel {
  if (model.path === undefined) return { reference: model.reference ?? "" };
  const { path, reference: _, ...texts } = model;
  return { ...texts, path: resolve(folder, path), name: model.name ?? name ?? parse(basename(path)).name };
}
