import { type CollectedHead, type EntryHead, isCollected, type SpooledHead } from "../../contract/host.ts";
import { crc32c } from "../../kernel/crc32c.ts";

export interface SpooledEntry {
  head: SpooledHead;
  body: Buffer;
  answer: Buffer;
  /** All of it, as it was spooled. */
  bytes: Buffer;
}

/** A table that a script collected. */
export interface CollectedEntry {
  head: CollectedHead;
  body: Uint8Array;
}

/** How many bytes the whole entries have at the start of the data (format: contract/host.ts), up to a torn or damaged one. */
export function wholeEntries(data: Buffer): number {
  let bytes = 0;
  for (let length = lengthAt(data, 0); length !== undefined; length = lengthAt(data, bytes)) bytes += 8 + length;
  return bytes;
}

/** Where the whole entry at an offset ends. */
const endOf = (part: Buffer, at: number): number => at + 8 + part.readUInt32LE(at);

/** Cuts whole entries in two parts, of which each has one at least. */
export function halves(part: Buffer): [Buffer, Buffer] | undefined {
  let cut = endOf(part, 0);
  while (cut < part.length / 2 && endOf(part, cut) < part.length) cut = endOf(part, cut);
  return cut === part.length ? undefined : [part.subarray(0, cut), part.subarray(cut)];
}

/** Whole entries of which the checksums were looked at before; undefined for one whose head says nothing. None of them need be kept. */
export function* everyEntry(part: Buffer): Iterable<SpooledEntry | CollectedEntry | undefined> {
  for (let at = 0; at < part.length; ) {
    const end = endOf(part, at);
    yield readEntry(part, at, end);
    at = end;
  }
}

export const isCollectedEntry = (entry: SpooledEntry | CollectedEntry): entry is CollectedEntry => isCollected(entry);

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

function readEntry(data: Buffer, start: number, end: number): SpooledEntry | CollectedEntry | undefined {
  const bodyStart = start + 12 + data.readUInt32LE(start + 8);
  const head = readHead(data.toString("utf8", start + 12, bodyStart));
  if (head === undefined) return undefined;
  const answerStart = Math.min(end, bodyStart + head.bodyBytes);
  const body = data.subarray(bodyStart, answerStart);
  if (isCollected({ head })) return { head: head as CollectedHead, body };
  const answer = data.subarray(answerStart, Math.min(end, answerStart + head.answerBytes));
  return { head: head as SpooledHead, body, answer, bytes: data.subarray(start, end) };
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
