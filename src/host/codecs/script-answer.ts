import { ModelyardError } from "../../contract/errors.ts";
import type { WorkerAnswer } from "../engines/worker-connection.ts";
import { type OutputTensor, outputTensor } from "./output-tensor.ts";

/** The JSON a script answered, for a language that knows no other. Error: not-supported, for a stream and for what is no JSON. */
export function jsonOfScript({ head, body, pieces }: WorkerAnswer): string {
  if (pieces === undefined && (head.httpStatus ?? 200) < 300 && /\bjson\b/.test(head.contentType ?? "json"))
    return body.toString("utf8");
  pieces?.destroy();
  throw new ModelyardError("not-supported", {
    what:
      pieces === undefined
        ? "The entry script answered something else than JSON"
        : "The entry script answers with a stream",
    instead: "Send the request to /score.",
  });
}

/** The tensors of an answer: one for each member of an object, else one that is named `predict`, as a model's. */
export function outputsOfScript(json: string): Map<string, OutputTensor> {
  const value = JSON.parse(json) as unknown;
  if (Array.isArray(value)) return new Map([["predict", outputTensor(json)]]);
  if (typeof value !== "object" || value === null) return new Map([["predict", outputTensor(`[${json}]`)]]);
  const tensorOf = (text: string) => outputTensor(text.startsWith("[") ? text : `[${text}]`);
  return new Map(membersOf(json).map(([name, text]) => [name, tensorOf(text)]));
}

/** The members of an object with the text of each: digits must stay as they are, and a parsed number would not tell 3.0 from 3. */
function membersOf(json: string): [string, string][] {
  const members: [string, string][] = [];
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}:,]/g;
  let depth = 0;
  let text = "";
  let name = "";
  let start = 0;
  for (const { 0: mark, index } of json.matchAll(token)) {
    if (mark === "{" || mark === "[") depth += 1;
    else if (mark === "}" || mark === "]") depth -= 1;
    else if (mark.startsWith('"')) text = mark;
    if (depth === 1 && mark === ":") {
      name = JSON.parse(text) as string;
      start = index + 1;
    }
    const isEnd = (depth === 1 && mark === ",") || (depth === 0 && mark === "}");
    if (isEnd && start > 0) members.push([name, json.slice(start, index).trim()]);
  }
  return members;
}
