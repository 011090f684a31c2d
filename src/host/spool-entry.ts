import type { EntryHead } from "../contract/host.ts";
import { crc32c } from "../kernel/crc32c.ts";
import { type HeadPieces, headPieces } from "./head-bytes.ts";

/** A record, or a table that was collected, as the spool takes it. */
export interface SpoolRecord {
  head: EntryHead;
  /** As many bytes as the head says. */
  body: Uint8Array;
  answer: Uint8Array;
}

/** Entries one behind the other, as a segment has them. */
export interface SpoolGroup {
  records: number;
  size(): number;
  /** Copies a record into the group: what it was cut from can go. */
  add(record: SpoolRecord): void;
  /** Valid until the next `add`. */
  bytes(): Buffer;
  /** Makes it an empty group again, with the room it was made with. */
  clear(): void;
}

/** An empty group with room for about `room` bytes; it grows for larger entries. */
export function makeSpoolGroup(room: number): SpoolGroup {
  const first: Buffer = Buffer.allocUnsafeSlow(room);
  let buffer = first;
  let used = 0;
  let records = 0;
  return {
    get records() {
      return records;
    },
    size: () => used,
    add: ({ head, body, answer }) => {
      const pieces = headPieces(head);
      // no character of UTF-16 takes more than three bytes in UTF-8
      const most = used + 12 + pieces.first.length + pieces.rest.length * 3 + body.length + answer.length;
      if (most > buffer.length) buffer = grown(buffer.subarray(0, used), most);
      used = writeEntry(buffer, used, pieces, body, answer);
      records += 1;
    },
    bytes: () => buffer.subarray(0, used),
    clear: () => {
      buffer = first;
      used = 0;
      records = 0;
    },
  };
}

/** Writes one entry (format: contract/host.ts) and gives where the next one begins. */
function writeEntry(into: Buffer, start: number, head: HeadPieces, body: Uint8Array, answer: Uint8Array): number {
  into.set(head.first, start + 12);
  const headSize = head.first.length + into.write(head.rest, start + 12 + head.first.length, "utf8");
  const bodyStart = start + 12 + headSize;
  const end = bodyStart + body.length + answer.length;
  into.set(body, bodyStart);
  into.set(answer, bodyStart + body.length);
  into.writeUInt32LE(end - start - 8, start);
  into.writeUInt32LE(headSize, start + 8);
  into.writeUInt32LE(crc32c(into.subarray(start + 8, end)), start + 4);
  return end;
}

function grown(full: Buffer, most: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(most, full.length * 2));
  larger.set(full);
  return larger;
}
