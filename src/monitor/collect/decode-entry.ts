import type { Signature } from "../../contract/host.ts";
import type { Manifest } from "../../contract/image.ts";
import { type DecodedRecord, decodeRecord } from "../../records/decode-record.ts";
import type { DecodedEntry } from "./consumer.ts";
import type { RecordRow } from "./rows/records.ts";
import { signatureOf } from "./signature-of.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/** An entry that is decoded when somebody asks for it. The signature is that of its image; undefined when the image is not known. */
export function decodeEntry(
  { head, body, answer }: Pick<SpooledEntry, "head" | "body" | "answer">,
  signature: Signature | undefined,
): DecodedEntry {
  let decoded: DecodedRecord | undefined;
  const decode = (): DecodedRecord => {
    if (!head.kept) return { inputs: null, predictions: null, reason: "not-kept" };
    if (signature === undefined) return { inputs: null, predictions: null, reason: "no-image" };
    const { status, bodySize, answerSize, contentType, answerType, language, bodyJsonBytes, answerJsonBytes } = head;
    return decodeRecord(
      // without a spread, which copies a member at a time: it is done for every record
      {
        status,
        body,
        bodySize,
        answer,
        answerSize,
        contentType,
        answerType,
        language,
        bodyJsonBytes,
        answerJsonBytes,
      },
      signature,
    );
  };
  return {
    head,
    decoded: () => {
      decoded ??= decode();
      return decoded;
    },
  };
}

/** What a stored record says as columns, by the manifest of its image. */
export function decodeStored(record: RecordRow, manifest: Manifest | undefined): DecodedRecord {
  const signature = signatureOf(record.image, manifest);
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
