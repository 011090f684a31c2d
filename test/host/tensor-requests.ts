import fc from "fast-check";
import { datatypeNames } from "../../src/records/datatypes.ts";
import { textBytes } from "./text-bytes.ts";

/** An independent writer of the binary layout, and what each element is once it was read as a float64. */
const writers: Record<
  string,
  { size: number; arbitrary: fc.Arbitrary<number | boolean>; json: boolean; write: Writer }
> = {
  BOOL: { size: 1, json: true, arbitrary: fc.boolean(), write: (view, at, value) => view.setUint8(at, Number(value)) },
  UINT8: integers(1, 0, 255, (view, at, value) => view.setUint8(at, Number(value))),
  UINT16: integers(2, 0, 65_535, (view, at, value) => view.setUint16(at, Number(value), true)),
  UINT32: integers(4, 0, 2 ** 32 - 1, (view, at, value) => view.setUint32(at, Number(value), true)),
  UINT64: integers(8, 0, Number.MAX_SAFE_INTEGER, (view, at, value) => view.setBigUint64(at, BigInt(value), true)),
  INT8: integers(1, -128, 127, (view, at, value) => view.setInt8(at, Number(value))),
  INT16: integers(2, -32_768, 32_767, (view, at, value) => view.setInt16(at, Number(value), true)),
  INT32: integers(4, -(2 ** 31), 2 ** 31 - 1, (view, at, value) => view.setInt32(at, Number(value), true)),
  INT64: integers(8, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, (view, at, value) =>
    view.setBigInt64(at, BigInt(value), true),
  ),
  // multiples of 1/8 below 256 have 11 bits: binary16 holds them
  FP16: {
    size: 2,
    json: true,
    arbitrary: fc.integer({ min: -2047, max: 2047 }).map((eighths) => eighths / 8),
    write: (view, at, value) => view.setUint16(at, toHalf(Number(value)), true),
  },
  FP32: {
    size: 4,
    json: true,
    arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }),
    write: (view, at, value) => view.setFloat32(at, Number(value), true),
  },
  FP64: {
    size: 8,
    json: true,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }),
    write: (view, at, value) => view.setFloat64(at, Number(value), true),
  },
  BF16: {
    size: 2,
    json: true,
    arbitrary: fc.integer({ min: -127, max: 127 }),
    write: (view, at, value) => {
      const whole = new DataView(new ArrayBuffer(4));
      whole.setFloat32(0, Number(value), true);
      view.setUint16(at, whole.getUint16(2, true), true);
    },
  },
};

type Writer = (view: DataView, at: number, value: number | boolean) => void;

function integers(size: number, min: number, max: number, write: Writer) {
  return { size, json: true, arbitrary: fc.integer({ min, max }) as fc.Arbitrary<number>, write };
}

/** binary16 of a multiple of 1/8 below 256, by the definition of its fields. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
}

/** A tensor of a request: its head, its elements, and its bytes when they are sent behind the JSON. */
export interface Sent {
  head: Record<string, unknown>;
  values: (number | boolean | string)[];
  bytes: Buffer | undefined;
}

function binaryOf(datatype: string, values: readonly (number | boolean | string)[]): Buffer {
  if (datatype === "BYTES") return textBytes(values as string[]);
  const { size, write } = writers[datatype] as (typeof writers)[string];
  const bytes = new DataView(new ArrayBuffer(values.length * size));
  for (const [index, value] of values.entries()) write(bytes, index * size, value as number);
  return Buffer.from(bytes.buffer);
}

/** A tensor of 2 dimensions, flat, nested or binary. */
const tensor = (name: string): fc.Arbitrary<Sent> =>
  fc
    .tuple(
      fc.constantFrom(...datatypeNames),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom("flat", "nested", "binary"),
    )
    .chain(([datatype, rows, columns, form]) => {
      const element =
        datatype === "BYTES" ? fc.string({ unit: "grapheme", maxLength: 9 }) : (writers[datatype]?.arbitrary as never);
      return fc
        .array(element as fc.Arbitrary<number | boolean | string>, {
          minLength: rows * columns,
          maxLength: rows * columns,
        })
        .map((values) => sent(name, datatype, [rows, columns], values, form));
    });

function sent(name: string, datatype: string, shape: number[], values: Sent["values"], form: string): Sent {
  const head = { name, datatype, shape };
  if (form === "binary") {
    const bytes = binaryOf(datatype, values);
    return { head: { ...head, parameters: { binary_data_size: bytes.length } }, values, bytes };
  }
  const [rows = 0, columns = 0] = shape;
  const nested = Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
  return { head: { ...head, data: form === "nested" ? nested : values }, values, bytes: undefined };
}

/** Three tensors of any datatype and form. */
export const requests = fc.tuple(tensor("a"), tensor("b"), tensor("c"));
/** A body with its length header. */
export const encodeRequest = (inputs: readonly Sent[], more: object = {}) => {
  const json = Buffer.from(JSON.stringify({ inputs: inputs.map(({ head }) => head), ...more }), "utf8");
  const body = Buffer.concat([json, ...inputs.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]))]);
  return { body, headers: { "inference-header-content-length": String(json.length) } };
};
