import { findNewline, type Source, view } from "../../kernel/source.ts";
import { PickleFault } from "./fault.ts";
import { type ArgumentKind, type OpcodeName, opcodes } from "./opcodes.ts";
import { decodeQuoted, decodeRawUnicodeEscape, decodeUtf8 } from "./text.ts";
import type { BytesValue, TextEncoding, TextValue } from "./values.ts";

/** The argument of an opcode; undefined where it has none, a pair for GLOBAL and INST. */
export type Argument =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | BytesValue
  | TextValue
  | readonly [string, string];

/** One instruction: its opcode, its argument, and the offset of the next one. */
interface Instruction {
  readonly byte: number;
  readonly name: OpcodeName;
  readonly argument: Argument;
  readonly next: number;
}

/** Texts up to this many bytes are decoded at once; longer ones stay where they are (see `readText`). */
const EAGER_TEXT_BYTES = 4096;
/** Whole numbers beyond this stay undecoded: they are no model's attribute, and decoding is not linear. */
const EAGER_LONG_BYTES = 4096;
const MAX_DIGITS = 4300;

/** Reads the instruction at `offset`. Throws PickleFault when there is none, or the source ends within it. */
export function decodeInstruction(source: Source, offset: number): Instruction {
  const index = source.at(offset, 1);
  if (index < 0) throw new PickleFault(offset, `it ends before its end mark (offset ${offset})`);
  const byte = source.window[index] ?? 0;
  const opcode = opcodes[byte];
  if (!opcode)
    throw new PickleFault(
      offset,
      `byte 0x${byte.toString(16).padStart(2, "0")} at offset ${offset} is no pickle opcode`,
    );
  const { name, argument } = opcode;
  if (argument === "none") return { byte, name, argument: undefined, next: offset + 1 };
  const [value, next] = argumentReaders[argument](source, offset + 1, offset);
  return { byte, name, argument: value, next };
}

/** Decodes a text that was left in the source. */
export function readText(source: Source, text: TextValue): string {
  return decodeText(bytesAt(source, text.offset, text.length, text.offset), text.encoding, text.offset);
}

type Reader = (source: Source, at: number, opcodeOffset: number) => readonly [Argument, number];

function truncated(opcodeOffset: number): PickleFault {
  return new PickleFault(opcodeOffset, `it ends in the middle of a value (offset ${opcodeOffset})`);
}

function bytesAt(source: Source, at: number, length: number, opcodeOffset: number): Buffer {
  const bytes = view(source, at, length);
  if (!bytes) throw truncated(opcodeOffset);
  return bytes;
}

/** Numbers of fixed width are read in place: a view for each of them would cost more than all the rest. */
function fixed(length: number, decode: (window: Buffer, index: number) => Argument): Reader {
  return (source, at, opcodeOffset) => {
    const index = source.at(at, length);
    if (index < 0) throw truncated(opcodeOffset);
    return [decode(source.window, index), at + length];
  };
}

const uint64 = (bytes: Buffer, index: number): number =>
  bytes.readUInt32LE(index) + bytes.readUInt32LE(index + 4) * 2 ** 32;

/** The length before a string: 1, 4 (signed or not) or 8 bytes. */
type LengthKind = 1 | 4 | "signed 4" | 8;

function readLength(source: Source, at: number, kind: LengthKind, opcodeOffset: number): number {
  const index = source.at(at, kind === "signed 4" ? 4 : kind);
  if (index < 0) throw truncated(opcodeOffset);
  if (kind === 1) return source.window[index] ?? 0;
  if (kind === 4) return source.window.readUInt32LE(index);
  if (kind === 8) return uint64(source.window, index);
  const length = source.window.readInt32LE(index);
  if (length < 0) throw new PickleFault(opcodeOffset, `the value at offset ${opcodeOffset} has a negative length`);
  return length;
}

function counted(kind: LengthKind, make: (source: Source, offset: number, length: number) => Argument): Reader {
  return (source, at, opcodeOffset) => {
    const length = readLength(source, at, kind, opcodeOffset);
    const start = at + (kind === "signed 4" ? 4 : kind);
    if (start + length > source.size) throw truncated(opcodeOffset);
    return [make(source, start, length), start + length];
  };
}

function line(make: (source: Source, offset: number, length: number, opcodeOffset: number) => Argument): Reader {
  return (source, at, opcodeOffset) => {
    const end = findNewline(source, at);
    if (end < 0) throw truncated(opcodeOffset);
    return [make(source, at, end - at, opcodeOffset), end + 1];
  };
}

const bytesValue = (_: Source, offset: number, length: number): BytesValue => ({ kind: "bytes", offset, length });

function textValue(encoding: TextEncoding) {
  return (source: Source, offset: number, length: number): string | TextValue =>
    length > EAGER_TEXT_BYTES
      ? { kind: "text", encoding, offset, length }
      : decodeText(bytesAt(source, offset, length, offset), encoding, offset);
}

function decodeText(bytes: Buffer, encoding: TextEncoding, offset: number): string {
  if (encoding === "utf8") return decodeUtf8(bytes, offset);
  if (encoding === "raw-unicode-escape") return decodeRawUnicodeEscape(bytes, offset);
  const latin1 = bytes.toString("latin1");
  return encoding === "quoted" ? decodeQuoted(latin1, offset) : latin1;
}

function longValue(source: Source, offset: number, length: number): Argument {
  if (length > EAGER_LONG_BYTES) return { kind: "long", offset, length };
  if (length === 0) return 0;
  const hex = Buffer.from(bytesAt(source, offset, length, offset))
    .reverse()
    .toString("hex");
  return narrow(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)));
}

/** Whole numbers are plain numbers where these are exact. */
function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function shortLine(source: Source, offset: number, length: number, opcodeOffset: number): string {
  if (length > MAX_DIGITS) throw new PickleFault(opcodeOffset, `the number at offset ${opcodeOffset} is too long`);
  return bytesAt(source, offset, length, opcodeOffset).toString("latin1");
}

function decimal(text: string, opcodeOffset: number): number | bigint {
  const digits = text.trim();
  if (!/^[+-]?\d+$/.test(digits)) throw notANumber(opcodeOffset);
  return narrow(digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits.replace("+", "")));
}

function notANumber(opcodeOffset: number): PickleFault {
  return new PickleFault(opcodeOffset, `there is no number after offset ${opcodeOffset}`);
}

function float(text: string, opcodeOffset: number): number {
  const [, sign, word] = /^\s*([+-]?)(inf|infinity|nan)\s*$/i.exec(text) ?? [];
  if (word) return word.toLowerCase() === "nan" ? Number.NaN : sign === "-" ? -Infinity : Infinity;
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) throw notANumber(opcodeOffset);
  return Number(text);
}

/** "module\nname\n". */
function readPair(source: Source, at: number, opcodeOffset: number): readonly [Argument, number] {
  const middle = findNewline(source, at);
  const end = middle < 0 ? -1 : findNewline(source, middle + 1);
  if (end < 0) throw truncated(opcodeOffset);
  if (end - at > EAGER_TEXT_BYTES)
    throw new PickleFault(opcodeOffset, `the name at offset ${opcodeOffset} is too long`);
  const both = bytesAt(source, at, end - at, opcodeOffset);
  const module = decodeUtf8(both.subarray(0, middle - at), opcodeOffset);
  return [[module, decodeUtf8(both.subarray(middle - at + 1), opcodeOffset)], end + 1];
}

const argumentReaders: Record<Exclude<ArgumentKind, "none">, Reader> = {
  uint1: fixed(1, (window, index) => window.readUInt8(index)),
  uint2: fixed(2, (window, index) => window.readUInt16LE(index)),
  int4: fixed(4, (window, index) => window.readInt32LE(index)),
  uint4: fixed(4, (window, index) => window.readUInt32LE(index)),
  uint8: fixed(8, uint64),
  float8: fixed(8, (window, index) => window.readDoubleBE(index)),
  decimalnl_short: line((source, offset, length, opcodeOffset) => {
    const text = shortLine(source, offset, length, opcodeOffset);
    return text === "00" ? false : text === "01" ? true : decimal(text, opcodeOffset);
  }),
  decimalnl_long: line((source, offset, length, opcodeOffset) =>
    decimal(shortLine(source, offset, length, opcodeOffset).replace(/L$/, ""), opcodeOffset),
  ),
  floatnl: line((source, offset, length, opcodeOffset) =>
    float(shortLine(source, offset, length, opcodeOffset), opcodeOffset),
  ),
  long1: counted(1, longValue),
  long4: counted("signed 4", longValue),
  stringnl: line(textValue("quoted")),
  stringnl_noescape: line(textValue("latin1")),
  stringnl_noescape_pair: readPair,
  string1: counted(1, textValue("latin1")),
  string4: counted("signed 4", textValue("latin1")),
  bytes1: counted(1, bytesValue),
  bytes4: counted(4, bytesValue),
  bytes8: counted(8, bytesValue),
  bytearray8: counted(8, bytesValue),
  unicodestringnl: line(textValue("raw-unicode-escape")),
  unicodestring1: counted(1, textValue("utf8")),
  unicodestring4: counted(4, textValue("utf8")),
  unicodestring8: counted(8, textValue("utf8")),
};
