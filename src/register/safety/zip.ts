import { constants, inflateRaw, inflateRawSync } from "node:zlib";
import { bufferSource, type Source, view } from "../../kernel/source.ts";

/** A member of a zip archive as its central directory tells it. */
export interface Member {
  name: string;
  method: number;
  /** Bytes in the archive and unpacked. */
  packed: number;
  size: number;
  /** Where its local header stands. */
  header: number;
}

const maxMembers = 100_000;

export const beginsZip = (source: Source): boolean =>
  view(source, 0, 4)?.equals(Buffer.from("PK\x03\x04", "latin1")) ?? false;

/** The members of a zip archive (APPNOTE.TXT 6.3.10, with zip64); a text when it cannot be read. */
export function membersOf(source: Source): Member[] | string {
  const directory = findDirectory(source);
  if (directory === undefined) return "its directory cannot be found";
  const members: Member[] = [];
  let at = directory.offset;
  for (let index = 0; index < directory.count; index += 1) {
    if (index >= maxMembers) return `it has more than ${maxMembers} members`;
    const head = view(source, at, 46);
    if (head === undefined || head.readUInt32LE(0) !== 0x02014b50) return "its directory is damaged";
    const [nameLength, extraLength, commentLength] = [
      head.readUInt16LE(28),
      head.readUInt16LE(30),
      head.readUInt16LE(32),
    ];
    const fixed = {
      method: head.readUInt16LE(10),
      packed: head.readUInt32LE(20),
      size: head.readUInt32LE(24),
      header: head.readUInt32LE(42),
    };
    const rest = view(source, at + 46, nameLength + extraLength);
    if (rest === undefined) return "its directory is damaged";
    const name = rest.toString("utf8", 0, nameLength);
    const member = { name, ...withZip64(fixed, rest.subarray(nameLength)) };
    members.push({ ...member, header: member.header + directory.shift });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** Whether an archive stands behind something else, as in programs that unpack themselves: readers look for its end. */
export function endsZip(source: Source): boolean {
  const directory = findDirectory(source);
  if (directory === undefined || directory.count === 0) return false;
  return view(source, directory.offset, 4)?.readUInt32LE(0) === 0x02014b50;
}

/**
 * From the end record, which may have a comment of up to 65535 bytes after it. `shift`: how many bytes stand before the archive;
 * its own offsets do not count them.
 */
function findDirectory(source: Source): { offset: number; count: number; shift: number } | undefined {
  const length = Math.min(source.size, 65_557);
  const base = source.size - length;
  const tail = view(source, base, length);
  const end = tail?.lastIndexOf(Buffer.from("PK\x05\x06", "latin1")) ?? -1;
  if (tail === undefined || end < 0 || end + 22 > tail.length) return undefined;
  const offset = tail.readUInt32LE(end + 16);
  const shift = Math.max(0, base + end - tail.readUInt32LE(end + 12) - offset);
  const found = { offset: offset + shift, count: tail.readUInt16LE(end + 10), shift };
  if (end < 20 || tail.readUInt32LE(end - 20) !== 0x07064b50) return found;
  const record = view(source, Number(tail.readBigUInt64LE(end - 12)), 56);
  if (record === undefined || record.readUInt32LE(0) !== 0x06064b50) return found;
  return { offset: Number(record.readBigUInt64LE(48)), count: Number(record.readBigUInt64LE(32)), shift: 0 };
}

/** Values too large for four bytes stand in the extra field 0x0001, in this order. */
function withZip64(fixed: Omit<Member, "name">, extra: Buffer): Omit<Member, "name"> {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    const wide = (value: number) => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    };
    const size = wide(fixed.size);
    const packed = wide(fixed.packed);
    return { ...fixed, size, packed, header: wide(fixed.header) };
  }
  return fixed;
}

/** Where the bytes of a member begin; its local header has a name and an extra field of its own. */
function dataOf(source: Source, { header }: Member): number | undefined {
  const head = view(source, header, 30);
  if (head === undefined || head.readUInt32LE(0) !== 0x04034b50) return undefined;
  return header + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
}

/** The first bytes of a member unpacked, for a look at what it is; undefined when they cannot be read. */
export function beginningOf(source: Source, member: Member): Buffer | undefined {
  const start = dataOf(source, member);
  const packed = start === undefined ? undefined : view(source, start, Math.min(member.packed, 512));
  if (packed === undefined || member.method === 0) return packed;
  if (member.method !== 8) return undefined;
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined;
  }
}

/** The bytes of a member as a source; undefined when it unpacks to more than `limit` bytes or cannot be read. */
export async function sourceOf(source: Source, member: Member, limit: number): Promise<Source | undefined> {
  const start = dataOf(source, member);
  if (start === undefined || start + member.packed > source.size) return undefined;
  if (member.method === 0) return part(source, start, member.packed);
  const packed = member.method === 8 && member.packed <= limit ? view(source, start, member.packed) : undefined;
  if (packed === undefined) return undefined;
  return new Promise((resolve) =>
    inflateRaw(packed, { maxOutputLength: limit }, (error, data) =>
      resolve(error === null ? bufferSource(data) : undefined),
    ),
  );
}

/** A stretch of a source as a source. */
function part(source: Source, start: number, size: number): Source {
  return {
    size,
    get window() {
      return source.window;
    },
    at: (offset, length) => (offset + length > size ? -1 : source.at(start + offset, length)),
  };
}
