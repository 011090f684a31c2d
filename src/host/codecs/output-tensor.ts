/** A worker's answer as an output of the Open Inference Protocol. */
export interface OutputTensor {
  datatype: "FP64" | "INT64" | "BOOL" | "BYTES";
  shape: number[];
  /** The elements as a flat JSON list. */
  json(): string;
  /** The elements in the layout of the binary tensor extension. */
  binary(): Buffer;
}

/** A digit with a point or an exponent behind it. The parsed number would not tell 3.0 from 3. */
const isFloat = /\d[.eE]/;

/**
 * Reads the JSON list of a worker, one item for each row. Numbers are FP64 when any is written as a float or is null (NaN), else
 * INT64; truth values BOOL; texts BYTES. What has no common type or shape is BYTES with the JSON of each element, or of each row.
 */
export function outputTensor(text: string): OutputTensor {
  const rows = JSON.parse(text) as unknown[];
  const shape = shapeOf(rows);
  if (shape === null) return textTensor([rows.length], rows);
  const values = rows.flat(shape.length - 1) as unknown[];
  const types = new Set(values.map((value) => (value === null ? "number" : typeof value)));
  const [type = "number"] = types;
  if (types.size > 1 || type === "string") return textTensor(shape, values);
  if (type === "boolean") return booleanTensor(shape, values as boolean[]);
  return numberTensor(shape, values as (number | null)[], text);
}

/** The lengths of evenly nested lists, or null when they are uneven or hold objects. */
function shapeOf(rows: readonly unknown[]): number[] | null {
  const shape = [rows.length];
  let level: readonly unknown[] = rows;
  while (level.length > 0 && Array.isArray(level[0])) {
    const { length } = level[0];
    if (!level.every((item) => Array.isArray(item) && item.length === length)) return null;
    shape.push(length);
    level = level.flat();
  }
  return level.some((item) => typeof item === "object" && item !== null) ? null : shape;
}

function numberTensor(shape: number[], values: (number | null)[], text: string): OutputTensor {
  // the worker's own digits: they keep 3.0 a float and long integers whole
  const digits = values.length === 0 ? "" : text.replace(/[[\]\s]/g, "");
  const isInteger = values.length > 0 && !values.includes(null) && !isFloat.test(digits);
  const integers = isInteger ? integersOf(values as number[], digits) : null;
  const binary =
    integers === null
      ? () => Buffer.from(Float64Array.from(values, (value) => value ?? Number.NaN).buffer)
      : () => Buffer.from(integers().buffer);
  return { datatype: integers === null ? "FP64" : "INT64", shape, json: () => `[${digits}]`, binary };
}

/** Null when an integer needs more than 64 bits. Integers a float64 cannot hold are read from their digits. */
function integersOf(values: number[], digits: string): (() => BigInt64Array) | null {
  if (values.every(Number.isSafeInteger)) return () => BigInt64Array.from(values, BigInt);
  const whole = digits.split(",").map(BigInt);
  return whole.every((value) => value === BigInt.asIntN(64, value)) ? () => BigInt64Array.from(whole) : null;
}

function booleanTensor(shape: number[], values: boolean[]): OutputTensor {
  return {
    datatype: "BOOL",
    shape,
    json: () => JSON.stringify(values),
    binary: () => Buffer.from(values.map(Number)),
  };
}

function textTensor(shape: number[], values: unknown[]): OutputTensor {
  const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  const binary = () =>
    Buffer.concat(
      texts.flatMap((text) => {
        const bytes = Buffer.from(text, "utf8");
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
      }),
    );
  return { datatype: "BYTES", shape, json: () => JSON.stringify(texts), binary };
}
