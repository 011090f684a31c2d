import { ModelyardError } from "../contract/errors.ts";
import { checkWidths, methodOf, readRows, type ScoreMethod } from "./json-rows.ts";
import { languageOfBody } from "./language-of-body.ts";
import { requireUtf8 } from "./utf8.ts";
import { kindOf } from "./words.ts";

/** What a body for a model without a script asks. */
interface ScoreBody {
  rows: unknown[][];
  /** Values of each row. */
  columns: number;
  method: ScoreMethod;
}

/**
 * A model without a script takes `{"data": [[…], …], "method": "predict"|"predict_proba"}`. Null when there are no rows. `columns` are those of the
 * model, null where they are not known. Errors: not-utf8, not-json, not-supported (of another language), rows-invalid.
 */
export function readScoreBody(body: Buffer, columns: number | null): ScoreBody | null {
  requireUtf8(body);
  const value = readObject(body);
  if (value.data === undefined) refuseOtherLanguage(value);
  const { data, method: named } = value;
  const method = methodOf(named, '"method"', refuseMethod);
  const rows = readRows(data, columns, refuseRows);
  return rows.length === 0 ? null : { rows, columns: checkWidths(rows, columns, refuseRows), method };
}

/** Throws rows-invalid. */
export function refuseRows(reason: string): never {
  throw new ModelyardError("rows-invalid", { reason });
}

/** Whatever the rows are, they are not what is wrong. */
function refuseMethod(reason: string): never {
  throw new ModelyardError("not-supported", { what: reason, instead: "Ask for one of these, or name no method" });
}

/** Throws not-supported for a body that another path of the service takes. */
function refuseOtherLanguage(body: Record<string, unknown>): void {
  const language = languageOfBody(body);
  if (language === "azure") return;
  const place = elsewhere[language];
  throw new ModelyardError("not-supported", {
    what: `The body is of ${place.name}, which \`/score\` does not take`,
    instead: `Send it to \`${place.path}\`; \`/score\` takes {"data": [[…], …]}.`,
  });
}

const elsewhere = {
  mlflow: { name: "MLflow's scoring protocol", path: "/services/<service>/invocations" },
  inference: { name: "the Open Inference Protocol", path: "/v2/models/<service>/infer" },
};

function readObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) throw new ModelyardError("not-json", { reason: "it is empty" });
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new ModelyardError("not-json", { reason: (error as Error).message.slice(0, 200) });
  }
  if (kindOf(value) !== "an object") refuseRows(`The body is ${kindOf(value)}, not an object with "data"`);
  return value as Record<string, unknown>;
}
