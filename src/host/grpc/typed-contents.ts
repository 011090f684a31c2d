import { type Datatype, datatypes } from "../../records/datatypes.ts";
import { refuseTensors } from "../../records/tensors.ts";
import { brief } from "../../records/words.ts";
import type { contents } from "./messages.ts";
import type { Decoded } from "./protobuf.ts";

type Contents = Decoded<typeof contents>;
type Numbers = Exclude<keyof Contents, "bytes_contents">;

interface TypedArray extends ArrayLike<number | bigint> {
  readonly buffer: ArrayBufferLike;
}

/** Which list holds the elements of a datatype, and how they lie in a binary tensor. */
interface Place {
  list: Numbers;
  toArray(values: readonly number[]): TypedArray;
  fromBytes(bytes: ArrayBuffer): ArrayLike<number | bigint>;
}

const place = (
  list: Numbers,
  made: { from(values: readonly number[]): TypedArray; new (bytes: ArrayBuffer): TypedArray },
): Place => ({ list, toArray: (values) => made.from(values), fromBytes: (bytes) => new made(bytes) });

/** The largest integers of 64 bits are rounded up when they are read. */
const atMost =
  (most: bigint) =>
  (value: number): bigint =>
    BigInt(value) > most ? most : BigInt(value);

const places: Readonly<Record<string, Place>> = {
  BOOL: {
    list: "bool_contents",
    toArray: (values) => Uint8Array.from(values, Number),
    fromBytes: (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte !== 0) as unknown as number[],
  },
  INT8: place("int_contents", Int8Array),
  INT16: place("int_contents", Int16Array),
  INT32: place("int_contents", Int32Array),
  INT64: {
    list: "int64_contents",
    toArray: (values) => BigInt64Array.from(values, atMost(2n ** 63n - 1n)),
    fromBytes: (bytes) => new BigInt64Array(bytes),
  },
  UINT8: place("uint_contents", Uint8Array),
  UINT16: place("uint_contents", Uint16Array),
  UINT32: place("uint_contents", Uint32Array),
  UINT64: {
    list: "uint64_contents",
    toArray: (values) => BigUint64Array.from(values, atMost(2n ** 64n - 1n)),
    fromBytes: (bytes) => new BigUint64Array(bytes),
  },
  FP32: place("fp32_contents", Float32Array),
  FP64: place("fp64_contents", Float64Array),
};

/** Typed contents in the layout of binary tensors. Error: tensors-invalid, for elements that are not of the datatype. */
export function binaryOf(name: string, datatype: string, contents: Contents | undefined): Buffer {
  const what = `Input ${brief(name)}`;
  const list = datatype === "BYTES" ? "bytes_contents" : places[datatype]?.list;
  const filled = Object.entries(contents ?? {}).find(([other, values]) => other !== list && values.length > 0);
  if (filled !== undefined)
    refuseTensors(`${what} of the datatype ${brief(datatype)} has its elements in ${filled[0]}; ${instead(list)}`);
  if (list === undefined || contents === undefined) return Buffer.alloc(0);
  if (list === "bytes_contents") return withLengths(contents.bytes_contents);
  const values = contents[list] as readonly number[];
  const { fits, words } = datatypes[datatype] as Datatype;
  const odd = values.findIndex((value) => !fits(value));
  if (odd !== -1)
    refuseTensors(`${what}: element ${odd + 1} is ${brief(values[odd])}, not ${words}, as ${datatype} is`);
  return Buffer.from((places[datatype] as Place).toArray(values).buffer as ArrayBuffer);
}

const instead = (list: string | undefined): string =>
  list === undefined ? "only raw_input_contents can hold them" : `${list} is the place for them`;

/** BYTES: for each element its length as u32 little-endian, then the bytes. */
function withLengths(texts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return [length, text];
    }),
  );
}

/** A binary tensor as typed contents. */
export function contentsOf(datatype: string, bytes: Buffer): object {
  if (datatype === "BYTES") return { bytes_contents: withoutLengths(bytes) };
  const found = places[datatype];
  if (found === undefined) throw new TypeError(`an answer of the datatype ${datatype}`);
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  return { [found.list]: found.fromBytes(own) };
}

function withoutLengths(bytes: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    texts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return texts;
}
