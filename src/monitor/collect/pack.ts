import type { SpooledHead } from "../../contract/host.ts";
import { crc32c } from "../../kernel/crc32c.ts";
import type { RecordRow } from "./rows/records.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/**
 * Entries of a batch as hosts spool them (contract/host.ts), each behind its place in the batch (uint32, little-endian). Of one that is gone place
 * and length are left, and zeros.
 */
export interface Pack {
  /** Of each entry that it was made of, its place in the batch; they rise. */
  places: readonly number[];
  /** Undefined when it is gone. */
  recordAt(index: number): RecordRow | undefined;
  /** Its head alone. */
  headAt(index: number): SpooledHead | undefined;
  /** The same bytes without some of the entries. */
  without(indices: Iterable<number>): Buffer;
}

const placeBytes = 4;

export function openPack(entries: Uint8Array): Pack {
  const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength);
  const places: number[] = [];
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    places.push(bytes.readUInt32LE(at));
    starts.push(at + placeBytes);
    at += placeBytes + 8 + bytes.readUInt32LE(at + placeBytes);
  }
  return {
    places,
    recordAt: (index) => readRecord(bytes, starts[index] as number),
    headAt: (index) => readHead(bytes, starts[index] as number)?.head,
    without: (indices) => {
      const left = Buffer.from(bytes);
      for (const index of indices) {
        const start = starts[index] as number;
        left.fill(0, start + 4, start + 8 + left.readUInt32LE(start));
      }
      return left;
    },
  };
}

function readHead(bytes: Buffer, start: number): { head: SpooledHead; bodyStart: number } | undefined {
  const headSize = bytes.readUInt32LE(start + 8);
  if (headSize === 0) return undefined;
  const bodyStart = start + 12 + headSize;
  return { head: JSON.parse(bytes.toString("utf8", start + 12, bodyStart)) as SpooledHead, bodyStart };
}

/** Copies, as a record that is kept must not keep its pack. */
function readRecord(bytes: Buffer, start: number): RecordRow | undefined {
  const read = readHead(bytes, start);
  if (read === undefined) return undefined;
  const { head, bodyStart } = read;
  const answerStart = bodyStart + head.bodyBytes;
  return {
    id: head.id,
    service: head.service,
    revision: head.revision,
    image: head.image,
    at: head.at,
    duration_ms: head.durationMs,
    status: head.status,
    body: new Uint8Array(bytes.subarray(bodyStart, answerStart)),
    body_size: head.bodySize,
    answer: new Uint8Array(bytes.subarray(answerStart, answerStart + head.answerBytes)),
    answer_size: head.answerSize,
    content_type: head.contentType,
    answer_type: head.answerType,
    trace_id: head.traceId ?? null,
    mirrored: head.mirrored === true ? 1 : 0,
    language: head.language ?? null,
    body_json_bytes: head.bodyJsonBytes ?? null,
    answer_json_bytes: head.answerJsonBytes ?? null,
    correlation_id: head.correlationId ?? null,
    caller: head.caller ?? null,
    weight: head.weight ?? 1,
    out_of_sample: head.outOfSample === true ? 1 : 0,
  };
}

/** Makes the bytes of a pack. `places` are those of the entries in their batch. */
export function packEntries(entries: readonly Uint8Array[], places: readonly number[]): Buffer {
  const pack = Buffer.allocUnsafeSlow(entries.reduce((sum, bytes) => sum + placeBytes + bytes.length, 0));
  let at = 0;
  for (const [i, bytes] of entries.entries()) {
    pack.writeUInt32LE(places[i] as number, at);
    pack.set(bytes, at + placeBytes);
    at += placeBytes + bytes.length;
  }
  return pack;
}

/** An entry as a host would have spooled it. */
export function encodeEntry({ head, body, answer }: Omit<SpooledEntry, "bytes">): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const entry = Buffer.concat([Buffer.alloc(12), text, body, answer]);
  entry.writeUInt32LE(entry.length - 8, 0);
  entry.writeUInt32LE(text.length, 8);
  entry.writeUInt32LE(crc32c(entry.subarray(8)), 4);
  return entry;
}
