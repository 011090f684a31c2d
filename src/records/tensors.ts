import { isUtf8 } from "node:buffer";
import { ModelyardError } from "../contract/errors.ts";
import { checkSize } from "./check-size.ts";
import { type Datatype, datatypeNames, datatypes } from "./datatypes.ts";
import { brief, countOf, kindOf } from "./words.ts";

/** An input of a request: numbers (BOOL as 0 and 1, NaN for null) or texts (BYTES), row by row. */
export interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
  values: Float64Array | string[];
}

/** What numpy took until its version 2. */
const mostDimensions = 32;

export function refuseTensors(reason: string): never {
  throw new ModelyardError("tensors-invalid", { reason });
}

/**
 * The inputs of a request with their elements; `binary` holds those of the inputs that have a `binary_data_size`, in order. Errors:
 * tensors-invalid, and body-too-large for what no frame can carry.
 */
export function readTensors(inputs: unknown, binary: Buffer): Tensor[] {
  if (inputs === undefined) return refuseTensors('The body has no "inputs"');
  if (!Array.isArray(inputs)) return refuseTensors(`"inputs" is ${kindOf(inputs)}, not a list of tensors`);
  if (inputs.length === 0) refuseTensors('"inputs" has no tensor');
  let offset = 0;
  const take = (size: number): Buffer => {
    if (size > binary.length - offset)
      refuseTensors(`The binary data has ${binary.length} bytes, fewer than the sizes of the inputs add up to`);
    offset += size;
    return binary.subarray(offset - size, offset);
  };
  const tensors = inputs.map((input, place) => readTensor(input, place, take));
  if (offset !== binary.length)
    refuseTensors(`The binary data has ${binary.length} bytes; the inputs account for ${offset}`);
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) refuseTensors(`Two inputs are named ${brief(name)}`);
    names.add(name);
  }
  return tensors;
}

function readTensor(input: unknown, place: number, take: (size: number) => Buffer): Tensor {
  if (kindOf(input) !== "an object") refuseTensors(`Input ${place + 1} is ${kindOf(input)}, not a tensor`);
  const { name, datatype, shape: dimensions, data, parameters } = input as Record<string, unknown>;
  if (typeof name !== "string") return refuseTensors(`Input ${place + 1} has no "name"`);
  const what = `Input ${brief(name)}`;
  if (typeof datatype !== "string" || !datatypeNames.includes(datatype))
    return refuseTensors(`${what} has the datatype ${brief(datatype)}; it can be ${datatypeNames.join(", ")}`);
  const shape = readShape(dimensions, what);
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  const { binary_data_size: size, ...others } = objectOf(parameters, `${what}: "parameters"`);
  if ("shared_memory_region" in others) refuseTensors(`${what} lies in shared memory, which is not supported here`);
  if (size !== undefined && data !== undefined) refuseTensors(`${what} has both "data" and "binary_data_size"`);
  const values =
    size === undefined
      ? readJson({ data, shape, count, datatype, what })
      : readBinary({ data: take(readSize(size, what)), shape, count, datatype, what });
  return { name, datatype, shape, values };
}

function readShape(dimensions: unknown, what: string): number[] {
  if (!Array.isArray(dimensions)) return refuseTensors(`${what} has no "shape"`);
  if (dimensions.length > mostDimensions) refuseTensors(`${what} has more than ${mostDimensions} dimensions`);
  if (!dimensions.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0))
    refuseTensors(`${what} has the shape ${brief(dimensions)}, not one of whole numbers from 0 on`);
  return dimensions as number[];
}

function readSize(size: unknown, what: string): number {
  if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
  return refuseTensors(`${what} has a "binary_data_size" of ${brief(size)}`);
}

/** An object that may be absent. */
export function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (kindOf(value) !== "an object") refuseTensors(`${what} is ${kindOf(value)}, not an object`);
  return value as Record<string, unknown>;
}

/** The elements of one tensor on their way in. `what` names it in messages. */
interface Elements<Data> {
  data: Data;
  shape: number[];
  count: number;
  datatype: string;
  what: string;
}

function readBinary({ data, shape, count, datatype, what }: Elements<Buffer>): Tensor["values"] {
  if (datatype === "BYTES") return readTexts(data, shape, count, what);
  const { size, read } = datatypes[datatype] as Datatype;
  if (data.length !== count * size)
    refuseTensors(`${what} has ${data.length} bytes; ${datatype} of shape ${brief(shape)} has ${count * size}`);
  checkSize(count * 8);
  // a copy of its own starts where typed arrays may start
  return read(data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer);
}

/** BYTES: for each element its length as u32 little-endian, then the bytes. */
function readTexts(data: Buffer, shape: number[], count: number, what: string): string[] {
  const texts: string[] = [];
  let offset = 0;
  while (offset < data.length) {
    const start = offset + 4;
    const end = start <= data.length ? start + data.readUInt32LE(offset) : Number.POSITIVE_INFINITY;
    if (end > data.length) refuseTensors(`${what}: element ${texts.length + 1} is longer than its data`);
    const bytes = data.subarray(start, end);
    if (!isUtf8(bytes)) refuseTensors(`${what}: element ${texts.length + 1} is not UTF-8 text`);
    texts.push(bytes.toString("utf8"));
    offset = end;
  }
  if (texts.length !== count) refuseCount(texts.length, shape, count, what);
  return texts;
}

function readJson({ data, shape, count, datatype, what }: Elements<unknown>): Tensor["values"] {
  if (!Array.isArray(data)) return refuseTensors(`${what} has no "data"`);
  const flat = data.some(Array.isArray) ? flatten(data, shape, what) : data;
  if (flat.length !== count) refuseCount(flat.length, shape, count, what);
  if (datatype === "BYTES") {
    const odd = flat.findIndex((value) => typeof value !== "string");
    if (odd !== -1) refuseValue(flat[odd], odd, "a text", what);
    return flat as string[];
  }
  const { fits, words } = datatypes[datatype] as Datatype;
  const values = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    const value = flat[place];
    if (!fits(value)) refuseValue(value, place, `${words}, as ${datatype} is`, what);
    values[place] = value === null ? Number.NaN : Number(value);
  }
  return values;
}

/** Nested data in the order of its elements; it has exactly the lists its shape asks for. */
function flatten(data: unknown[], shape: number[], what: string): unknown[] {
  const flat: unknown[] = [];
  const walk = (value: unknown, depth: number) => {
    if (depth === shape.length) {
      flat.push(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[depth])
      return refuseTensors(`${what}: the nested "data" has not the shape ${brief(shape)}`);
    for (const item of value) walk(item, depth + 1);
  };
  walk(data, 0);
  return flat;
}

function refuseCount(found: number, shape: number[], count: number, what: string): never {
  return refuseTensors(`${what} has ${countOf(found)}; the shape ${brief(shape)} has ${count}`);
}

function refuseValue(value: unknown, place: number, wanted: string, what: string): never {
  return refuseTensors(`${what}: element ${place + 1} is ${brief(value)}, not ${wanted}`);
}
