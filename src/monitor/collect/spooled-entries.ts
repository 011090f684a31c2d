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
 * The whole entries of a part of a segment that starts at offset `start` (format: contract/host.ts). Stops at a torn or damaged one;
 * `end` is where the next read goes on. `unreadable` counts those whose bytes are whole, but whose head says nothing: they are passed over.
 */
export function readEntries(data: Buffer, start: number): { entries: SpooledEntry[]; end: number; unreadable: number } {
  const entries: SpooledEntry[] = [];
  let unreadable = 0;
  let at = 0;
  for (let length = lengthAt(data, at); length !== undefined; length = lengthAt(data, at)) {
    const entry = readEntry(data.subarray(at + 8, at + 8 + length));
    at += 8 + length;
    if (entry === undefined) unreadable += 1;
    else entries.push({ ...entry, end: start + at });
  }
  return { entries, end: start + at, unreadable };
}

/** The offset of the first whole entry behind a damaged one at the start of the data; undefined when there is none. */
export function nextEntry(data: Buffer): number | undefined {
  // the head is JSON and begins 12 bytes into the entry: little is summed up in vain
  for (let brace = data.indexOf('{"', 13); brace !== -1; brace = data.indexOf('{"', brace + 1))
    if (lengthAt(data, brace - 12) !== undefined) return brace - 12;
  return undefined;
}

/** Bytes of the whole and undamaged entry at an offset, without those of length and checksum. */
function lengthAt(data: Buffer, at: number): number | undefined {
  if (at + 8 > data.length) return undefined;
  const length = data.readUInt32LE(at);
  if (length < 4 || length > data.length - at - 8) return undefined;
  return crc32c(data.subarray(at + 8, at + 8 + length)) === data.readUInt32LE(at + 4) ? length : undefined;
}

function readEntry(content: Buffer): Omit<SpooledEntry, "end"> | undefined {
  const headLength = content.readUInt32LE(0);
  const head = readHead(content.toString("utf8", 4, 4 + headLength));
  if (head === undefined) return undefined;
  const bodyStart = 4 + headLength;
  const answerStart = bodyStart + head.bodyBytes;
  return {
    head,
    body: content.subarray(bodyStart, answerStart),
    answer: content.subarray(answerStart, answerStart + head.answerBytes),
  };
}

function readHead(text: string): SpooledHead | undefined {
  try {
    const head = JSON.parse(text) as SpooledHead;
    return isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

const texts = ["id", "service", "image"] as const;
const numbers = [
  "revision",
  "at",
  "durationMs",
  "status",
  "bodySize",
  "answerSize",
  "bodyBytes",
  "answerBytes",
] as const;

/** What the store cannot be without. */
const isHead = (head: SpooledHead): boolean =>
  texts.every((name) => typeof head[name] === "string") && numbers.every((name) => Number.isFinite(head[name]));
