import { ModelyardError } from "../../contract/errors.ts";
import { checkSize } from "../../records/check-size.ts";
import type { ReadyScript } from "../engines/worker-frames.ts";
import type { Ask, ScoreRequest } from "./codec.ts";

/**
 * A request at `/score` as what an entry script takes. `recorded` is what the query of a GET says. Errors: content-type-not-json for
 * a run() with @input_schema, body-too-large for what no frame can carry.
 */
export function decodeForScript(request: ScoreRequest, { takes }: ReadyScript): { ask: Ask; recorded?: Buffer } {
  const { method, url, headers, body } = request;
  checkSize(body.length);
  const query = method === "GET" ? { recorded: bodyOfQuery(url) } : {};
  if (takes === "http") {
    const [, search] = url.split("?", 2);
    const target = search === undefined ? "/score" : `/score?${search}`;
    return { ask: { input: { kind: "http", method, url: target }, body }, ...query };
  }
  if (query.recorded !== undefined) return { ask: { input: { kind: "text" }, body: query.recorded }, ...query };
  if (takes === "json" && !isJson(headers["content-type"])) throw new ModelyardError("content-type-not-json");
  return { ask: { input: { kind: "text" }, body } };
}

/** application/json, and types such as application/vnd.api+json. */
function isJson(contentType = ""): boolean {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

/** The parameters of a URL as a JSON object: values that are JSON as they are, others as text, repeated ones as a list. */
export function bodyOfQuery(url: string): Buffer {
  const query = new URLSearchParams(url.split("?", 2)[1]);
  const members = [...new Set(query.keys())].map((name) => {
    const values = query.getAll(name).map(jsonOf);
    return `${JSON.stringify(name)}: ${values.length === 1 ? values[0] : `[${values.join(", ")}]`}`;
  });
  return Buffer.from(`{${members.join(", ")}}`, "utf8");
}

/** The digits of a number stay as they were written. */
function jsonOf(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
