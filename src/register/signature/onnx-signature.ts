import type { ModelSignature, SignatureField } from "../../contract/model.ts";
import { fieldsOf, firstField as first, type Span, textOf } from "../../kernel/protobuf.ts";
import type { Source } from "../../kernel/source.ts";

/** TensorProto.DataType. Source: onnx/onnx.proto. */
const types = [
  ..."undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128".split(
    " ",
  ),
  "bfloat16",
];

/** What the graph of an ONNX model takes and gives; parameters of the model are no inputs. */
export function onnxSignature(source: Source): ModelSignature | null {
  const graph = first(source, { start: 0, end: source.size }, 7);
  if (graph === undefined) return null;
  const parameters = new Set<string | null>();
  const inputs: SignatureField[] = [];
  const outputs: SignatureField[] = [];
  for (const field of fieldsOf(source, graph)) {
    if (field.number === 5) parameters.add(textOf(source, first(source, field, 8)));
    if (field.number === 11) inputs.push(fieldOf(source, field));
    if (field.number === 12) outputs.push(fieldOf(source, field));
  }
  return { inputs: inputs.filter(({ name }) => !parameters.has(name)), outputs };
}

function fieldOf(source: Source, info: Span): SignatureField {
  const name = textOf(source, first(source, info, 1));
  const type = first(source, info, 2);
  const tensor = first(source, type, 1);
  if (tensor === undefined)
    return {
      name,
      type: first(source, type, 4) ? "sequence" : first(source, type, 5) ? "map" : "unknown",
      shape: null,
    };
  const shape = first(source, tensor, 2);
  const dimensions: (number | null)[] = [];
  if (shape !== undefined)
    for (const dimension of fieldsOf(source, shape))
      if (dimension.number === 1) dimensions.push(first(source, dimension, 1)?.value ?? null);
  return {
    name,
    type: types[first(source, tensor, 1)?.value ?? 0] ?? "unknown",
    shape: shape === undefined ? null : dimensions,
  };
}
