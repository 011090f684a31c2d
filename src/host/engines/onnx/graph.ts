import { type Field, fieldsOf, firstField, textOf, varint } from "../../../kernel/protobuf.ts";
import { bufferSource, type Source } from "../../../kernel/source.ts";

/** Fields of the messages of onnx/onnx.proto. */
export const fields = {
  model: { graph: 7 },
  graph: { node: 1, initializer: 5, output: 12 },
  node: { input: 1, output: 2, operator: 4, attribute: 5 },
  attribute: { name: 1, int: 3 },
  tensor: { dims: 1, type: 2, name: 8, raw: 9, double: 10 },
  valueInfo: { name: 1, type: 2 },
  type: { tensor: 1, element: 1, float: 1, double: 11 },
} as const;

/** One step of a model. */
export interface GraphNode {
  operator: string;
  inputs: string[];
  /** Its attributes that are whole numbers. */
  numbers: Record<string, number>;
}

/** Numbers that are a part of a model. */
export interface Constant {
  dims: number[];
  values: Float64Array;
}

/** What a model computes, as far as it is read here. */
export interface Graph {
  /** The step that gives the value of this name; undefined for an input and a constant. */
  makerOf(name: string): GraphNode | undefined;
  /** A constant of float64; undefined for any other value. */
  constant(name: string): Constant | undefined;
}

/** The graph of a file that the runtime has loaded. */
export function readGraph(bytes: Buffer): Graph {
  const source = bufferSource(bytes);
  const body = firstField(source, { start: 0, end: bytes.length }, fields.model.graph);
  const makers = new Map<string | null, GraphNode>();
  const constants = new Map<string | null, Field>();
  for (const field of body === undefined ? [] : fieldsOf(source, body)) {
    if (field.number === fields.graph.node)
      for (const name of texts(source, field, fields.node.output)) makers.set(name, nodeOf(source, field));
    if (field.number === fields.graph.initializer)
      constants.set(textOf(source, firstField(source, field, fields.tensor.name)), field);
  }
  return {
    makerOf: (name) => makers.get(name),
    constant: (name) => {
      const field = constants.get(name);
      return field === undefined ? undefined : constantOf(source, field);
    },
  };
}

function nodeOf(source: Source, span: Field): GraphNode {
  const numbers: Record<string, number> = {};
  for (const field of all(source, span, fields.node.attribute)) {
    const value = firstField(source, field, fields.attribute.int);
    const name = textOf(source, firstField(source, field, fields.attribute.name));
    if (name !== null && value !== undefined) numbers[name] = value.value;
  }
  const [operator = ""] = texts(source, span, fields.node.operator);
  return { operator, inputs: texts(source, span, fields.node.input), numbers };
}

function constantOf(source: Source, span: Field): Constant | undefined {
  const bytes = firstField(source, span, fields.tensor.raw) ?? firstField(source, span, fields.tensor.double);
  if (firstField(source, span, fields.tensor.type)?.value !== fields.type.double || bytes === undefined)
    return undefined;
  const dims = all(source, span, fields.tensor.dims).flatMap((field) => numbersIn(source, field));
  const { buffer } = Uint8Array.from(source.window.subarray(bytes.start, bytes.end));
  if (dims.reduce((product, dim) => product * dim, 8) !== buffer.byteLength) return undefined;
  return { dims, values: new Float64Array(buffer) };
}

/** A repeated number: one of a field, or packed many. */
function numbersIn(source: Source, { start, end, value }: Field): number[] {
  if (start === end) return [value];
  const found: number[] = [];
  for (let at = start; at < end; ) {
    const one = varint(source, at);
    if (one === undefined) break;
    found.push(one.value);
    at = one.next;
  }
  return found;
}

const all = (source: Source, span: Field, number: number): Field[] =>
  [...fieldsOf(source, span)].filter((field) => field.number === number);

const texts = (source: Source, span: Field, number: number): string[] =>
  all(source, span, number).map((field) => textOf(source, field) ?? "");
