import type { Signature } from "../contract/host.ts";
import { decodeInputs } from "./decode-inputs.ts";
import { decodePredictions, isOneAnswer, readAnswer } from "./decode-predictions.ts";
import type { RecordToDecode } from "./record-to-decode.ts";
import type { Table } from "./table.ts";
import { attempt, type Reason } from "./undecoded.ts";

/**
 * What a record says as columns. Row i of the predictions belongs to row i of the inputs.
 * Columns of inputs are named as the signature names them, else `x0`, `x1`, …; those of a script, whose signature is text, as the request does.
 * One value a row is the column `prediction`, a list `prediction.0`, `prediction.1`, …, what `predict_proba` answers `score.0`, …, an object its keys.
 */
export interface DecodedRecord {
  /** null: not tabular, cut, not kept, or not understood; `reason` says it. */
  inputs: Table | null;
  /** null as well when the status is not 2xx. */
  predictions: Table | null;
  /** Why one is null: of the inputs when they are; null when nothing but the status stands against the predictions. */
  reason: Reason | null;
}

/** Never throws, whatever the bytes are. */
export function decodeRecord(record: RecordToDecode, signature: Signature): DecodedRecord {
  const asked = attempt(() => decodeInputs(record, signature));
  const { found: decoded } = asked;
  if (record.status < 200 || record.status > 299)
    return { inputs: decoded?.table ?? null, predictions: null, reason: asked.reason };
  const answered = attempt(() => readAnswer(record));
  const { found: answer } = answered;
  const isOneRow = decoded?.isFlat === true && answer !== null && isOneAnswer(answer);
  const inputs = decoded === null ? null : isOneRow ? asOneRow(decoded.table) : decoded.table;
  if (answer === null) return { inputs, predictions: null, reason: asked.reason ?? answered.reason };
  const told = attempt(() => decodePredictions(answer, decoded?.method ?? "predict", inputs?.rows.length ?? null));
  return { inputs, predictions: told.found, reason: asked.reason ?? told.reason };
}

/** A flat list that got one answer was one row. */
function asOneRow({ rows }: Table): Table {
  const row = rows.map(([value]) => value ?? null);
  return { columns: row.map((_, place) => `x${place}`), rows: [row] };
}
