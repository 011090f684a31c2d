import { varint } from "../../kernel/protobuf.ts";
import type { Source } from "../../kernel/source.ts";

/** Fields of ONNX's ModelProto by their protobuf wire type: 0 varint, 2 length-delimited. Source: onnx/onnx.proto. */
const fieldTypes: Readonly<Record<number, 0 | 2>> = {
  1: 0,
  2: 2,
  3: 2,
  4: 2,
  5: 0,
  6: 2,
  7: 2,
  8: 2,
  14: 2,
  20: 2,
  25: 2,
  26: 2,
};
const GRAPH = 7;
const MAX_FIELDS = 100_000;

/** Whether the bytes are an ONNX model: known top-level fields from the first byte to the last, a graph among them. */
export function isOnnx(source: Source): boolean {
  let offset = 0;
  let graphs = 0;
  for (let fields = 0; offset < source.size; fields++) {
    const tag = varint(source, offset);
    if (!tag || fields >= MAX_FIELDS) return false;
    const field = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    const value = fieldTypes[field] === wire ? varint(source, tag.next) : undefined;
    if (!value) return false;
    offset = value.next + (wire === 2 ? value.value : 0);
    if (field === GRAPH) graphs++;
  }
  return graphs === 1 && offset === source.size;
}
