import { type Source, view } from "../../kernel/source.ts";
import { readText } from "./decode.ts";
import { countOf, type Dtype, readDtype, readShape } from "./dtype.ts";
import { PickleFault } from "./fault.ts";
import {
  attributeOf,
  globalName,
  isNode,
  itemsOf,
  type NodeValue,
  type ObjectValue,
  type TextValue,
  type Value,
} from "./values.ts";

/** An item of an array that can be told outside Python. */
export type Scalar = string | number | boolean;

const MAX_ITEMS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

interface ArrayParts {
  readonly dtype: Dtype;
  readonly shape: number[];
  readonly data: Value;
}

/** The shape of a pickled numpy array, or undefined when the value is none. */
export function arrayShape(value: Value | undefined): number[] | undefined {
  return arrayParts(value)?.shape;
}

/**
 * The items of a pickled numpy array of one dimension (numbers, text, bool, or Python objects that are such) or of a
 * plain list or tuple. Undefined when it is something else or has more than 10,000 items.
 */
export function arrayItems(source: Source, value: Value | undefined): Scalar[] | undefined {
  const parts = arrayParts(value);
  if (!parts) return scalars(source, itemsOf(value));
  if (parts.shape.length !== 1 || countOf(parts.shape) > MAX_ITEMS) return undefined;
  if (parts.dtype.holdsObjects) return scalars(source, itemsOf(parts.data));
  const bytes = bytesOf(source, parts.data);
  return bytes && unpack(bytes, parts.dtype, countOf(parts.shape));
}

/** A text, number or bool: Python's own or a numpy scalar. Undefined for anything else. */
export function scalar(source: Source, value: Value | undefined): Scalar | undefined {
  if (typeof value === "bigint") return Number(value);
  if (!isNode(value)) return value ?? undefined;
  if (value.kind === "text") return textOf(source, value);
  if (value.kind !== "object" || !isNumpyFunction(value, "scalar")) return undefined;
  const [type, data] = itemsOf(value.args) ?? [];
  const dtype = readDtype(type);
  const bytes = bytesOf(source, data);
  return dtype && bytes && unpack(bytes, dtype, 1)?.[0];
}

function scalars(source: Source, items: readonly Value[] | undefined): Scalar[] | undefined {
  if (!items || items.length > MAX_ITEMS) return undefined;
  const known = items.map((item) => scalar(source, item)).filter((item) => item !== undefined);
  return known.length === items.length ? known : undefined;
}

/** numpy 2 names these functions under numpy._core, numpy 1 under numpy.core. */
function isNumpyFunction(object: ObjectValue, name: string): boolean {
  const callee = globalName(object.callee);
  return callee !== undefined && /^numpy\._?core\.(multiarray|numeric)\./.test(callee) && callee.endsWith(`.${name}`);
}

/**
 * The parts of an array: `_reconstruct(ndarray, (0,), b'b')` with the state (1, shape, dtype, is Fortran, data);
 * `_frombuffer(data, dtype, shape, order)` of protocol 5; or joblib's wrapper with raw bytes.
 */
function arrayParts(value: Value | undefined): ArrayParts | undefined {
  if (!isNode(value)) return undefined;
  if (value.kind === "raw-array")
    return joined(attributeOf(value.wrapper, "dtype"), attributeOf(value.wrapper, "shape"), value);
  if (value.kind !== "object") return undefined;
  if (isNumpyFunction(value, "_reconstruct")) {
    const [, shape, dtype, , data] = itemsOf(value.state) ?? [];
    return joined(dtype, shape, data);
  }
  if (!isNumpyFunction(value, "_frombuffer")) return undefined;
  const [data, dtype, shape] = itemsOf(value.args) ?? [];
  return joined(dtype, shape, data);
}

function joined(type: Value | undefined, size: Value | undefined, data: Value | undefined): ArrayParts | undefined {
  const dtype = readDtype(type);
  const shape = readShape(size);
  return dtype && shape && data !== undefined ? { dtype, shape, data } : undefined;
}

/** Bytes as protocols write them: bytes, Latin-1 text (Python 2), or `_codecs.encode(text, 'latin1')` (protocols 0 to 2). */
function bytesOf(source: Source, value: Value | undefined): Buffer | undefined {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  if (!isNode(value)) return undefined;
  if (value.kind === "object") return encodedBytes(source, value);
  return "length" in value ? spanBytes(source, value) : undefined;
}

/** A long text, or undefined when its bytes are not what its encoding asks for. */
function textOf(source: Source, value: TextValue): string | undefined {
  try {
    return readText(source, value);
  } catch (error) {
    if (error instanceof PickleFault) return undefined;
    throw error;
  }
}

function spanBytes(source: Source, value: Extract<NodeValue, { length: number }>): Buffer | undefined {
  if (value.length > MAX_BYTES || value.kind === "long") return undefined;
  if (value.kind === "text") {
    const text = textOf(source, value);
    return text === undefined ? undefined : Buffer.from(text, "latin1");
  }
  return view(source, value.offset, value.length);
}

function encodedBytes(source: Source, object: ObjectValue): Buffer | undefined {
  const callee = globalName(object.callee);
  const [first] = itemsOf(object.args) ?? [];
  if (callee === "_codecs.encode") return isNode(first) && first.kind === "object" ? undefined : bytesOf(source, first);
  if (callee === undefined || !/^(__builtin__|builtins)\.(bytes|bytearray)$/.test(callee)) return undefined;
  if (first === undefined) return Buffer.alloc(0);
  return isNode(first) && first.kind === "bytes" ? spanBytes(source, first) : undefined;
}

function unpack(bytes: Buffer, dtype: Dtype, count: number): Scalar[] | undefined {
  if (bytes.length < count * dtype.itemSize) return undefined;
  const items: Scalar[] = [];
  for (let i = 0; i < count; i++) {
    const item = unpackOne(bytes.subarray(i * dtype.itemSize, (i + 1) * dtype.itemSize), dtype);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function unpackOne(bytes: Buffer, { kind, itemSize, bigEndian }: Dtype): Scalar | undefined {
  const little = bigEndian && kind !== "S" && kind !== "U" ? Buffer.from(bytes).reverse() : bytes;
  if (kind === "b" || kind === "?") return bytes[0] !== 0;
  if (kind === "U") return unicodeItem(bytes, bigEndian);
  if (kind === "S") return bytes.toString("latin1").replace(/\0+$/, "");
  if (kind === "f" && itemSize === 8) return little.readDoubleLE(0);
  if (kind === "f" && itemSize === 4) return little.readFloatLE(0);
  if (itemSize === 8 && kind === "i") return Number(little.readBigInt64LE(0));
  if (itemSize === 8 && kind === "u") return Number(little.readBigUInt64LE(0));
  if ((kind === "i" || kind === "u") && itemSize >= 1 && itemSize <= 4)
    return kind === "i" ? little.readIntLE(0, itemSize) : little.readUIntLE(0, itemSize);
  return undefined;
}

/** numpy's fixed-width text: UTF-32, filled up with zeros. */
function unicodeItem(bytes: Buffer, bigEndian: boolean): string | undefined {
  let text = "";
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = bigEndian ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i);
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, "");
}
