import { isUtf8 } from "node:buffer";

/**
 * Messages of Protocol Buffers by tables, as much as gRPC services need: proto3, no groups. An enum is the list of its names by number.
 * Source: https://protobuf.dev/programming-guides/encoding
 */
export interface Message {
  readonly [name: string]: Field;
}
export interface Field {
  readonly number: number;
  readonly kind: Kind;
  readonly repeated?: true;
}
type NumberKind = "int32" | "int64" | "uint32" | "uint64" | "float" | "double";
type Kind = NumberKind | "bool" | "string" | "bytes" | readonly string[] | Message;

type Single<K> = K extends NumberKind
  ? number
  : K extends "bool"
    ? boolean
    : K extends "string" | readonly string[]
      ? string
      : K extends "bytes"
        ? Buffer
        : K extends Message
          ? Decoded<K>
          : never;

/** What is read of a message: lists are always there, anything else only when it was sent. */
export type Decoded<M extends Message> = {
  [Name in keyof M]: M[Name] extends { repeated: true }
    ? Single<M[Name]["kind"]>[]
    : Single<M[Name]["kind"]> | undefined;
};

/** Bytes that are no message of the expected kind. */
export class ProtobufError extends Error {}

const wire = { varint: 0, eight: 1, bytes: 2, four: 5 };

function wireOf(kind: Kind): number {
  if (kind === "double") return wire.eight;
  if (kind === "float") return wire.four;
  return kind === "string" || kind === "bytes" || isMessage(kind) ? wire.bytes : wire.varint;
}

const isMessage = (kind: Kind): kind is Message => typeof kind === "object" && !Array.isArray(kind);

type Named = Field & { name: string };
const plans = new WeakMap<Message, Map<number, Named>>();

/** The fields of a message by number. */
function planOf(message: Message): Map<number, Named> {
  let plan = plans.get(message);
  if (plan === undefined) {
    plan = new Map(Object.entries(message).map(([name, field]) => [field.number, { name, ...field }]));
    plans.set(message, plan);
  }
  return plan;
}

/** Error: ProtobufError. Bytes of fields are views of `bytes`; integers beyond 2^53 are rounded. */
export function decode<M extends Message>(message: M, bytes: Buffer): Decoded<M> {
  const fields = planOf(message);
  const read: Record<string, unknown> = {};
  for (const { name, repeated } of fields.values()) read[name] = repeated ? [] : undefined;
  const reader = makeReader(bytes);
  while (!reader.atEnd()) {
    const tag = reader.varint();
    const type = tag % 8;
    const field = fields.get(Math.floor(tag / 8));
    if (field === undefined) reader.skip(type);
    else if (field.repeated && type === wire.bytes && wireOf(field.kind) !== wire.bytes)
      readPacked(reader.bytes(), field.kind, read[field.name] as unknown[]);
    else if (type !== wireOf(field.kind)) throw new ProtobufError(`the field ${field.name} has another type`);
    else if (field.repeated) (read[field.name] as unknown[]).push(readValue(reader, field.kind, field.name));
    else read[field.name] = readValue(reader, field.kind, field.name);
  }
  return read as Decoded<M>;
}

function readPacked(bytes: Buffer, kind: Kind, list: unknown[]): void {
  const reader = makeReader(bytes);
  while (!reader.atEnd()) list.push(readValue(reader, kind, ""));
}

function readValue(reader: Reader, kind: Kind, name: string): unknown {
  if (isMessage(kind)) return decode(kind, reader.bytes());
  switch (kind) {
    case "bool":
      return reader.varint() !== 0;
    case "int32":
    case "int64":
      return reader.signed();
    case "uint32":
    case "uint64":
      return reader.varint();
    case "float":
      return reader.float();
    case "double":
      return reader.double();
    case "bytes":
      return reader.bytes();
    case "string": {
      const bytes = reader.bytes();
      if (!isUtf8(bytes)) throw new ProtobufError(`the field ${name} is not UTF-8 text`);
      return bytes.toString("utf8");
    }
    default:
      return (kind as readonly string[])[reader.varint()] ?? "";
  }
}

type Reader = ReturnType<typeof makeReader>;

function makeReader(source: Buffer) {
  let at = 0;
  const advance = (size: number): number => {
    if (size > source.length - at) throw new ProtobufError("it ends too early");
    at += size;
    return at - size;
  };
  /** Up to 64 bits, as two halves of which the upper is signed. */
  const halves = (): [number, number] => {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = source[advance(1)] as number;
      if (shift < 32) low |= (byte & 0x7f) << shift;
      if (shift > 24) high |= shift < 32 ? (byte & 0x7f) >> (32 - shift) : (byte & 0x7f) << (shift - 32);
      if (byte < 0x80) return [low >>> 0, high];
    }
    throw new ProtobufError("a number is longer than 64 bits");
  };
  return {
    atEnd: () => at >= source.length,
    varint: () => {
      const [low, high] = halves();
      return (high >>> 0) * 2 ** 32 + low;
    },
    signed: () => {
      const [low, high] = halves();
      return high * 2 ** 32 + low;
    },
    float: () => source.readFloatLE(advance(4)),
    double: () => source.readDoubleLE(advance(8)),
    bytes(): Buffer {
      const size = this.varint();
      const start = advance(size);
      return source.subarray(start, start + size);
    },
    skip(type: number): void {
      if (type === wire.varint) halves();
      else if (type === wire.eight) advance(8);
      else if (type === wire.four) advance(4);
      else if (type === wire.bytes) this.bytes();
      else throw new ProtobufError("it has a field of an unknown type");
    },
  };
}

/** The bytes of a message. Members that are absent, empty or zero are left out, as proto3 has it. */
export function encode(message: Message, value: object): Buffer {
  const pieces: Uint8Array[] = [];
  for (const { name, number, kind, repeated } of planOf(message).values()) {
    const member = (value as Record<string, unknown>)[name];
    if (repeated) writeList(pieces, number, kind, (member ?? []) as ArrayLike<unknown>);
    else if (member !== undefined && member !== null && member !== "" && member !== 0 && member !== false)
      writeField(pieces, number, kind, member);
  }
  return Buffer.concat(pieces);
}

function writeList(pieces: Uint8Array[], number: number, kind: Kind, list: ArrayLike<unknown>): void {
  if (list.length === 0) return;
  if (wireOf(kind) === wire.bytes) {
    for (let place = 0; place < list.length; place += 1) writeField(pieces, number, kind, list[place]);
    return;
  }
  const packed: Uint8Array[] = [];
  for (let place = 0; place < list.length; place += 1) packed.push(bytesOf(kind, list[place]));
  writeBytes(pieces, number, Buffer.concat(packed));
}

function writeField(pieces: Uint8Array[], number: number, kind: Kind, value: unknown): void {
  if (wireOf(kind) === wire.bytes) writeBytes(pieces, number, bytesOf(kind, value));
  else pieces.push(varint(number * 8 + wireOf(kind)), bytesOf(kind, value));
}

function writeBytes(pieces: Uint8Array[], number: number, bytes: Uint8Array): void {
  pieces.push(varint(number * 8 + wire.bytes), varint(bytes.length), bytes);
}

function bytesOf(kind: Kind, value: unknown): Uint8Array {
  if (isMessage(kind)) return encode(kind, value as object);
  switch (kind) {
    case "string":
      return Buffer.from(value as string, "utf8");
    case "bytes":
      return value as Uint8Array;
    case "double":
      return new Uint8Array(Float64Array.of(value as number).buffer);
    case "float":
      return new Uint8Array(Float32Array.of(value as number).buffer);
    case "bool":
      return varint(value === true ? 1 : 0);
    case "int32":
    case "int64":
    case "uint32":
    case "uint64":
      return varint(value as number | bigint);
    default:
      return varint((kind as readonly string[]).indexOf(value as string));
  }
}

/** Negative numbers take ten bytes, as 64 bits of two's complement. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  if (typeof value === "bigint" || value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    return Uint8Array.from([...bytes, Number(rest)]);
  }
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
