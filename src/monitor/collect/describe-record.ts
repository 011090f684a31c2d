import type { RecordDetail, RecordSummary } from "../../contract/records.ts";
import { ownTraceId } from "../../kernel/trace-context.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import type { Table } from "../../records/table.ts";
import type { StoredRecord } from "./rows/records.ts";

export function summariseRecord(row: StoredRecord): RecordSummary {
  const { id, service, revision, models, at, status } = row;
  return {
    id,
    correlationId: row.correlation_id ?? id,
    service,
    revision,
    models,
    at,
    durationMs: row.duration_ms,
    status,
    mirrored: row.mirrored === 1,
    caller: row.caller,
    weight: row.weight,
    bodySize: row.body_size,
    answerSize: row.answer_size,
  };
}

/** A record with its body and answer. */
export function describeRecord(row: StoredRecord): Omit<RecordDetail, "files" | "engine" | keyof RecordColumns> {
  const body = asText(row.body);
  const answer = asText(row.answer);
  return {
    ...summariseRecord(row),
    image: row.image,
    language: row.language,
    traceId: row.trace_id ?? ownTraceId(row.id),
    body: body.text,
    bodyEncoding: body.encoding,
    bodyTruncated: row.body.length < row.body_size,
    answer: answer.text,
    answerEncoding: answer.encoding,
    answerTruncated: row.answer.length < row.answer_size,
  };
}

type RecordColumns = Pick<RecordDetail, "inputs" | "predictions" | "undecoded">;

/** What a record says as columns. */
export const describeColumns = ({ inputs, predictions, reason }: DecodedRecord): RecordColumns => ({
  inputs: asTable(inputs),
  predictions: asTable(predictions),
  undecoded: reason,
});

const mostRows = 200;

function asTable(table: Table | null): RecordDetail["inputs"] {
  if (table === null) return null;
  const rows = table.rows
    .slice(0, mostRows)
    .map((row) => row.map((value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value)));
  return { columns: [...table.columns], rowCount: table.rows.length, rows };
}

/** Text as it is; bytes that are not UTF-8 as base64. A cut in the middle of a character does not make text into bytes. */
function asText(bytes: Uint8Array): { text: string; encoding: "utf8" | "base64" } {
  const buffer = Buffer.from(bytes);
  for (let cut = 0; cut < 4 && cut <= buffer.length; cut += 1) {
    try {
      return {
        text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
          buffer.subarray(0, buffer.length - cut),
        ),
        encoding: "utf8",
      };
    } catch {
      // try with one byte less
    }
  }
  return { text: buffer.toString("base64"), encoding: "base64" };
}
