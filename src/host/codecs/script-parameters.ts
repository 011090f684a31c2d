import type { WantedRevision } from "../../contract/host.ts";
import { kindOf } from "../../records/words.ts";
import type { JsonSchema, ReadyScript, ScriptSchema } from "../engines/worker-frames.ts";
import { outputTensor } from "./output-tensor.ts";

/** A parameter of run(), as far as tensors and tables can be made into it. */
export type Parameter = { name: string; required: boolean } & (
  | { kind: "array"; datatype: string; shape: number[] }
  | { kind: "frame"; orient: string; columns: { name: string; datatype: string }[] }
  /** Without a decorator of its own. */
  | { kind: "any" }
  /** An object, or a list of them: nothing that has a datatype. */
  | { kind: "object" }
);

type Sampled = Pick<WantedRevision, "sample">;

/** A sample is read once for each revision. */
const sampled = new WeakMap<Sampled, Parameter[] | null>();

/**
 * What a script takes: what its decorators say; else what the sample of its image shows, which every revision has answered before it got
 * traffic; else null, as nothing is known.
 */
export function parametersOf(script: Pick<ReadyScript, "schema"> | null, revision: Sampled): Parameter[] | null {
  const schema = script?.schema;
  if (schema !== undefined)
    return Object.entries(schema.input.properties ?? {}).map(([name, one]) => parameterOf(name, one, schema));
  let found = sampled.get(revision);
  if (found === undefined) {
    found = parametersOfSample(revision.sample);
    sampled.set(revision, found);
  }
  return found;
}

/** A sample that is a JSON object has a parameter in each of its members. */
function parametersOfSample(sample: string | null): Parameter[] | null {
  try {
    const value: unknown = JSON.parse(sample ?? "");
    return kindOf(value) === "an object" ? Object.entries(value as object).map(parameterOfSample) : null;
  } catch {
    return null;
  }
}

function parameterOfSample([name, value]: [string, unknown]): Parameter {
  const head = { name, required: true };
  const [first] = Array.isArray(value) ? (value as unknown[]) : [];
  if (kindOf(value) === "an object") return { ...head, kind: "object" };
  if (kindOf(first) === "an object") {
    const columns = Object.entries(first as object).map(([column, one]) => ({
      name: column,
      datatype: valueType(one),
    }));
    return { ...head, kind: "frame", orient: "records", columns };
  }
  const { datatype, shape } = outputTensor(JSON.stringify([value]));
  // what has no common type or shape is told as texts
  const isText = datatype !== "BYTES" || [value].flat(32).every((one) => typeof one === "string");
  const isEven = !Array.isArray(value) || shape.length > 1;
  if (!isText || !isEven) return { ...head, kind: "any" };
  // a sample of 1 and 2 does not say that 1.5 is refused
  const numbers = datatype === "INT64" ? "FP64" : datatype;
  return {
    ...head,
    kind: "array",
    datatype: numbers,
    shape: shape.slice(1).map((size, place) => (place === 0 ? -1 : size)),
  };
}

function parameterOf(name: string, schema: JsonSchema, { input, required }: ScriptSchema): Parameter {
  const head = { name, required: required.includes(name) };
  const example = (input.example as Record<string, unknown> | undefined)?.[name];
  const orient = /^pandas\.DataFrame:(\w+)$/.exec(schema.format ?? "")?.[1];
  if (orient !== undefined) return { ...head, kind: "frame", orient, columns: columnsOf(orient, schema, example) };
  if (schema.type === undefined) return { ...head, kind: "any" };
  const array = arrayOf(schema, example);
  return array === null ? { ...head, kind: "object" } : { ...head, kind: "array", ...array };
}

/** Datatype and shape of a value, or of evenly nested lists; null for anything else. The first dimension of lists is free. */
export function arrayOf(schema: JsonSchema, example: unknown): { datatype: string; shape: number[] } | null {
  const shape: number[] = [];
  let inner: JsonSchema = schema;
  let level = example;
  while (inner.type === "array") {
    shape.push(shape.length > 0 && Array.isArray(level) ? level.length : -1);
    level = Array.isArray(level) ? level[0] : undefined;
    inner = inner.items ?? {};
  }
  const datatype = datatypeOf(inner);
  return datatype === null ? null : { datatype, shape };
}

function datatypeOf({ type, format }: JsonSchema): string | null {
  switch (type) {
    case "integer":
      return format === "int32" ? "INT32" : "INT64";
    case "number":
      return format === "float" ? "FP32" : "FP64";
    case "boolean":
      return "BOOL";
    default:
      return type === "string" ? "BYTES" : null;
  }
}

/** The columns of a frame's sample. Without records or columns their types are not told. */
function columnsOf(orient: string, schema: JsonSchema, example: unknown): { name: string; datatype: string }[] {
  const typed = (properties: Record<string, JsonSchema> = {}, inner = (one: JsonSchema) => one) =>
    Object.entries(properties).map(([name, one]) => ({ name, datatype: datatypeOf(inner(one)) ?? "BYTES" }));
  if (orient === "records") return typed(schema.items?.properties);
  if (orient === "columns") return typed(schema.properties, (one) => Object.values(one.properties ?? {})[0] ?? {});
  if (orient !== "split") return [];
  const { columns = [], data = [] } = example as { columns?: unknown[]; data?: unknown[][] };
  return columns.map((name, place) => ({ name: String(name), datatype: valueType(data[0]?.[place]) }));
}

const valueType = (value: unknown): string => ({ number: "FP64", boolean: "BOOL" })[typeof value as string] ?? "BYTES";
