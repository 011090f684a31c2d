import { type CollectedHead, type EntryHead, isCollected, type SpooledHead } from "../../contract/host.ts";
import { crc32c } from "../../kernel/crc32c.ts";

export interface SpooledEntry {
  head: SpooledHead;
  body: Buffer;
  answer: Buffer;
  /** All of it, as it was spooled; not there when it was in no spool. */
  bytes?: Buffer;
  /** Offset in the segment of the byte behind the entry. */
  end: number;
}

/** A table that a script collected. */
export interface CollectedEntry {
  head: CollectedHead;
  body: Buffer;
  /** As of a record. */
  end: number;
}

/** What a part of a segment holds. */
export interface FoundEntries {
  entries: SpooledEntry[];
  collected: CollectedEntry[];
  /** Those whose bytes are whole, but whose head says nothing: they are passed over. */
  unreadable: number;
}

/**
 * The whole entries of a part of a segment that starts at offset `start` (format: contract/host.ts). Stops at a torn or damaged one;
 * `end` is where the next read goes on.
 */
export function readEntries(data: Buffer, start: number): FoundEntries & { end: number } {
  const found: FoundEntries = { entries: [], collected: [], unreadable: 0 };
  let at = 0;
  for (let length = lengthAt(data, at); length !== undefined; length = lengthAt(data, at)) {
    const entry = readEntry(data, at + 8, at + 8 + length);
    const bytes = data.subarray(at, at + 8 + length);
    at += 8 + length;
    if (entry === undefined) found.unreadable += 1;
    else if (isCollected(entry)) found.collected.push({ head: entry.head, body: entry.body, end: start + at });
    else found.entries.push({ ...entry, head: entry.head as SpooledHead, bytes, end: start + at });
  }
  return { ...found, end: start + at };
}

/** The records of a part of which `readEntries` has read all before, one by one: none of them need be kept. */
export function* recordsOf(part: Buffer): Iterable<SpooledEntry> {
  for (let at = 0; at < part.length; ) {
    const end = at + 8 + part.readUInt32LE(at);
    const entry = readEntry(part, at + 8, end);
    at = end;
    if (entry !== undefined && !isCollected(entry)) yield { ...entry, head: entry.head as SpooledHead, end };
  }
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

function readEntry(
  data: Buffer,
  start: number,
  end: number,
): { head: EntryHead; body: Buffer; answer: Buffer } | undefined {
  const bodyStart = start + 4 + data.readUInt32LE(start);
  const head = readHead(data.toString("utf8", start + 4, bodyStart));
  if (head === undefined) return undefined;
  const answerStart = Math.min(end, bodyStart + head.bodyBytes);
  return {
    head,
    body: data.subarray(bodyStart, answerStart),
    answer: data.subarray(answerStart, Math.min(end, answerStart + head.answerBytes)),
  };
}

function readHead(text: string): EntryHead | undefined {
  try {
    const head = JSON.parse(text) as EntryHead;
    return isHead(head) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it has what the store cannot be without. Written out: it is asked of every record that there is. */
function isHead(head: EntryHead): boolean {
  if (isCollected({ head })) {
    const { service, collection, format } = head as CollectedHead;
    return (
      areTexts(service, collection, format) && areNumbers(head.revision, head.at, head.bodyBytes, head.answerBytes)
    );
  }
  const { id, service, image, revision, at, durationMs, status, bodySize, answerSize } = head as SpooledHead;
  return (
    areTexts(id, service, image) &&
    areNumbers(revision, at, durationMs, status) &&
    areNumbers(bodySize, answerSize, head.bodyBytes, head.answerBytes)
  );
}

const areTexts = (a: unknown, b: unknown, c: unknown): boolean =>
  typeof a === "string" && typeof b === "string" && typeof c === "string";
const areNumbers = (a: unknown, b: unknown, c: unknown, d: unknown): boolean =>
  Number.isFinite(a) && Number.isFinite(b) && Number.isFinite(c) && Number.isFinite(d);
