import type { RequestLanguage, Signature } from "../../contract/host.ts";
import type { DecodedRecord } from "../decode-record.ts";
import type { ScoreMethod } from "../json-rows.ts";
import type { Table } from "../table.ts";
import { encodeInputs, encodePredictions } from "./encode-record.ts";
import { type Redactor, redactTable } from "./redactor.ts";

/** What of a record may be written: JSON, made of its redacted rows alone. */
export interface RedactedRecord {
  body: string;
  /** null: there were no predictions, as the request failed. */
  answer: string | null;
}

/** A record as it may be written; null when it cannot be read as columns, or nobody can tell which the rules mean. */
export function redactRecord(
  { inputs, predictions }: DecodedRecord,
  redactor: Redactor,
  { language, signature, failed }: { language: RequestLanguage; signature: Signature; failed: boolean },
): RedactedRecord | null {
  if (inputs === null) return null;
  // a model's rows are told by its signature, against which its rules were checked
  if (signature.input.kind === "text" && !redactor.canTell(inputs, predictions)) return null;
  if (predictions === null && !failed) return null;
  const method = methodOf(predictions, signature);
  const body = encodeInputs(redactTable(inputs, redactor), { language, signature, method });
  if (predictions === null) return { body, answer: null };
  return { body, answer: encodePredictions(redactTable(predictions, redactor), { language, method }) };
}

/** Only a model without a script is asked for a method, and only scores are called so. */
function methodOf(predictions: Table | null, { input }: Signature): ScoreMethod {
  const areScores = predictions?.columns.every((column) => /^score\.\d+$/.test(column)) === true;
  return input.kind === "rows" && areScores && predictions.columns.length > 0 ? "predict_proba" : "predict";
}
