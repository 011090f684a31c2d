/**
 * The datatypes of the Open Inference Protocol with their layout in the binary tensor extension: little-endian, row by row.
 * https://github.com/kserve/open-inference-protocol, https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */
export interface Datatype {
  /** Bytes of one element. */
  size: number;
  /** Elements as float64; `data` has as many bytes as they need, at its start. */
  read(data: ArrayBuffer): Float64Array;
  /** Whether a value of JSON can be one. */
  fits(value: unknown): boolean;
  /** What `fits` accepts, in words. */
  words: string;
}

const integer = (bits: number, signed: boolean, read: Datatype["read"]): Datatype => {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = 2 ** (signed ? bits - 1 : bits) - 1;
  return {
    size: bits / 8,
    read,
    // with 64 bits `most` rounds up to a power of two; JSON's own numbers are no more exact there
    fits: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    words: `an integer from ${least} to ${most}`,
  };
};

/** NaN has no word in JSON and comes as null. */
const float = (size: number, read: Datatype["read"]): Datatype => ({
  size,
  read,
  fits: (value) => typeof value === "number" || value === null,
  words: "a number",
});

/** All but BYTES, whose elements have no fixed size. */
export const datatypes: Readonly<Record<string, Datatype>> = {
  BOOL: {
    size: 1,
    read: (data) => Float64Array.from(new Uint8Array(data), (byte) => (byte === 0 ? 0 : 1)),
    fits: (value) => typeof value === "boolean",
    words: "true or false",
  },
  UINT8: integer(8, false, (data) => new Float64Array(new Uint8Array(data))),
  UINT16: integer(16, false, (data) => new Float64Array(new Uint16Array(data))),
  UINT32: integer(32, false, (data) => new Float64Array(new Uint32Array(data))),
  UINT64: integer(64, false, (data) => Float64Array.from(new BigUint64Array(data), Number)),
  INT8: integer(8, true, (data) => new Float64Array(new Int8Array(data))),
  INT16: integer(16, true, (data) => new Float64Array(new Int16Array(data))),
  INT32: integer(32, true, (data) => new Float64Array(new Int32Array(data))),
  INT64: integer(64, true, (data) => Float64Array.from(new BigInt64Array(data), Number)),
  FP16: float(2, (data) => Float64Array.from(new Uint16Array(data), halfToNumber)),
  FP32: float(4, (data) => new Float64Array(new Float32Array(data))),
  FP64: float(8, (data) => new Float64Array(data)),
  // the upper half of a float32
  BF16: float(2, (data) => new Float64Array(new Float32Array(Uint32Array.from(new Uint16Array(data), upper).buffer))),
};

const upper = (bits: number): number => bits << 16;

/** A float of 16 bits (IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction). */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export const datatypeNames: readonly string[] = [...Object.keys(datatypes), "BYTES"];
