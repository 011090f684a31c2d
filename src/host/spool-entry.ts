import type { SpooledHead } from "../contract/host.ts";
import { crc32c } from "../kernel/crc32c.ts";

/** What is known of a record before it is cut: the sizes follow from the bytes. */
export interface SpoolRecord {
  head: SpooledHead;
  /** As many bytes as the head says. */
  body: Uint8Array;
  answer: Uint8Array;
}

/** One entry of a segment (format: contract/host.ts). */
export function encodeSpoolEntry({ head, body, answer }: SpoolRecord): Buffer {
  const text = Buffer.from(JSON.stringify(head), "utf8");
  const length = 4 + text.length + body.length + answer.length;
  const entry = Buffer.allocUnsafe(8 + length);
  entry.writeUInt32LE(length, 0);
  entry.writeUInt32LE(text.length, 8);
  entry.set(text, 12);
  entry.set(body, 12 + text.length);
  entry.set(answer, 12 + text.length + body.length);
  entry.writeUInt32LE(crc32c(entry.subarray(8)), 4);
  return entry;
}
