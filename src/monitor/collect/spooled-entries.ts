import type { SpooledHead } from "../../contract/host.ts";
import { crc32c } from "../../kernel/crc32c.ts";

export interface SpooledEntry {
  head: SpooledHead;
  body: Buffer;
  answer: Buffer;
  /** Offset in the segment of the byte behind the entry. */
  end: number;
}

/**
 * The whole entries of a part of a segment that starts at offset `start` (format: contract/host.ts). Stops at a torn or damaged tail;
 * `end` is where the next read goes on.
 */
export function readEntries(data: Buffer, start: number): { entries: SpooledEntry[]; end: number } {
  const entries: SpooledEntry[] = [];
  let at = 0;
  while (at + 8 <= data.length) {
    const length = data.readUInt32LE(at);
    const checksum = data.readUInt32LE(at + 4);
    const content = data.subarray(at + 8, at + 8 + length);
    if (content.length < length || length < 4 || crc32c(content) !== checksum) break;
    const entry = readEntry(content);
    at += 8 + length;
    entries.push({ ...entry, end: start + at });
  }
  return { entries, end: start + at };
}

function readEntry(content: Buffer): Omit<SpooledEntry, "end"> {
  const headLength = content.readUInt32LE(0);
  const head = JSON.parse(content.toString("utf8", 4, 4 + headLength)) as SpooledHead;
  const bodyStart = 4 + headLength;
  const answerStart = bodyStart + head.bodyBytes;
  return {
    head,
    body: content.subarray(bodyStart, answerStart),
    answer: content.subarray(answerStart, answerStart + head.answerBytes),
  };
}
