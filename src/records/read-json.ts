import { isUtf8 } from "node:buffer";
import { parsePythonJson } from "./json-object.ts";
import { giveUp } from "./undecoded.ts";

/** The JSON of bytes; `python` takes NaN and Infinity, too. Gives up on anything else. */
export function readJson(bytes: Buffer, form: "json" | "python"): unknown {
  if (!isUtf8(bytes)) giveUp("not-json");
  const text = bytes.toString("utf8");
  try {
    return form === "json" ? JSON.parse(text) : parsePythonJson(text);
  } catch {
    return giveUp("not-json");
  }
}
