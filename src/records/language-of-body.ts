import type { RequestLanguage } from "../contract/host.ts";
import { mlflowForms } from "./dataframe.ts";
import { kindOf } from "./words.ts";

/** The language whose members a JSON object has; Azure ML's where it has none of the others'. */
export function languageOfBody(body: Readonly<Record<string, unknown>>): Exclude<RequestLanguage, "upstream"> {
  const [first] = Array.isArray(body.inputs) ? body.inputs : [];
  if (kindOf(first) === "an object" && "datatype" in (first as object)) return "inference";
  return mlflowForms.some((name) => name in body) ? "mlflow" : "azure";
}
