import type { Signature } from "../../contract/host.ts";
import { type DecodedRecord, decodeRecord } from "../../records/decode-record.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { everyRecord, type RecordFilter, type StoredRecord } from "./rows/records.ts";

/** Records with what they say as columns, oldest first, read in pages: of any size, and small in memory. */
export async function* everyDecodedRecord(
  { db }: Pick<MonitorPorts, "db">,
  filter: RecordFilter,
): AsyncIterable<{ record: StoredRecord; decoded: DecodedRecord }> {
  const signatures = new Map<string, Signature | undefined>();
  for await (const record of everyRecord(db, filter)) {
    if (!signatures.has(record.image)) signatures.set(record.image, (await findManifest(db, record.image))?.signature);
    yield { record, decoded: decodeStored(record, signatures.get(record.image)) };
  }
}

/** `signature` is that of its image; undefined when the image is not known. */
function decodeStored(record: StoredRecord, signature: Signature | undefined): DecodedRecord {
  if (signature === undefined) return { inputs: null, predictions: null, reason: "no-image" };
  return decodeRecord(
    {
      status: record.status,
      body: record.body,
      bodySize: record.body_size,
      answer: record.answer,
      answerSize: record.answer_size,
      contentType: record.content_type,
      answerType: record.answer_type,
      language: record.language ?? undefined,
      bodyJsonBytes: record.body_json_bytes ?? undefined,
      answerJsonBytes: record.answer_json_bytes ?? undefined,
    },
    signature,
  );
}
