import { ModelyardError } from "../../../contract/errors.ts";
import { pathOfUri } from "../artifacts/paths.ts";

/** What the source of a new version points to. */
export type Source =
  | { kind: "logged-model"; id: string }
  | { kind: "version"; name: string; version?: number | undefined; alias?: string | undefined }
  | { kind: "run"; runId: string; path: string }
  | { kind: "artifacts"; path: string }
  /** Bytes that are somewhere else, such as s3://…; nothing of them is here. */
  | { kind: "external" };

const refuse = (problems: string): ModelyardError => new ModelyardError("invalid-input", { problems });

/**
 * Reads a source as MLflow clients send it. Refuses what a server must not reach: its own disk, plain web addresses, and
 * paths that climb out of their folder, also when they are encoded several times.
 */
export function parseSource(source: string): Source {
  if (climbs(source)) throw refuse(`Invalid model version source: '${source}'. It must not contain '..'`);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase();
  // a single letter is a drive of Windows
  if (scheme === undefined || scheme === "file" || scheme.length === 1)
    throw refuse(
      `Invalid model version source: '${source}'. A path on a local disk means nothing to a server: log the model first (log_model, or log_artifacts in a run) and register 'models:/m-…' or 'runs:/RUN/PATH'`,
    );
  if (scheme === "http" || scheme === "https")
    throw refuse(`Invalid model version source: '${source}'. Sources on the web are not taken`);
  const rest = source.slice(scheme.length + 1).replace(/^\/+|\/+$/g, "");
  if (scheme === "models") return parseModels(source, rest);
  if (scheme === "runs") return parseRuns(source, rest);
  if (scheme === "mlflow-artifacts") return { kind: "artifacts", path: pathOfUri(source) ?? "" };
  return { kind: "external" };
}

function climbs(source: string): boolean {
  let text = source;
  for (let round = 0; round < 10; round += 1) {
    if (text.split(/[/\\]/).includes("..")) return true;
    const decoded = decoded1(text);
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}

function decoded1(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

function parseModels(source: string, rest: string): Source {
  const [name = "", last, ...more] = rest.split("/");
  if (name !== "" && more.length === 0) {
    const at = name.lastIndexOf("@");
    if (last === undefined && at > 0) return { kind: "version", name: name.slice(0, at), alias: name.slice(at + 1) };
    if (last === undefined) return { kind: "logged-model", id: name };
    if (/^\d{1,9}$/.test(last)) return { kind: "version", name, version: Number(last) };
    if (last.toLowerCase() === "latest") return { kind: "version", name };
  }
  throw refuse(
    `Invalid model version source: '${source}'. Use models:/m-ID, models:/NAME/VERSION or models:/NAME@ALIAS`,
  );
}

function parseRuns(source: string, rest: string): Source {
  const [runId = "", ...path] = rest.split("/");
  if (runId === "") throw refuse(`Invalid model version source: '${source}'. Use runs:/RUN/PATH`);
  return { kind: "run", runId, path: path.join("/") };
}
