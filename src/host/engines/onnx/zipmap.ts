import {
  encodeField,
  encodeNumber,
  type Field,
  fieldsOf,
  firstField,
  type Span,
  textOf,
} from "../../../kernel/protobuf.ts";
import { bufferSource, type Source } from "../../../kernel/source.ts";
import { fields } from "./graph.ts";

const { model, graph, node, valueInfo, type } = fields;

/**
 * A classifier that skl2onnx wrote as it does by default answers its probabilities as a list of maps (ZipMap), which
 * onnxruntime-node cannot hand out. Gives the same model with the matrix in front of the maps as its output, and its name;
 * a model without such an output as it is, and null.
 */
export function withoutZipMap(bytes: Buffer): { bytes: Buffer; probabilities: string | null } {
  const source = bufferSource(bytes);
  const whole = { start: 0, end: bytes.length };
  const body = firstField(source, whole, model.graph);
  const found = body === undefined ? undefined : zipMapOf(source, body);
  if (body === undefined || found === undefined) return { bytes, probabilities: null };
  const output = encodeField(graph.output, floatTensor(found.matrix));
  const kept = piecesWithout(source, body, (field) => isOf(source, field, found.maps));
  const around = piecesWithout(source, whole, ({ number }) => number === model.graph);
  return {
    bytes: Buffer.concat([...around, encodeField(model.graph, Buffer.concat([...kept, output]))]),
    probabilities: found.matrix,
  };
}

/** The names in front of and behind the ZipMap of a graph that has its maps as an output. */
function zipMapOf(source: Source, body: Span): { matrix: string; maps: string } | undefined {
  let names: { matrix: string; maps: string } | undefined;
  let isOutput = false;
  for (const field of fieldsOf(source, body)) {
    if (field.number === graph.node && textOf(source, firstField(source, field, node.operator)) === "ZipMap") {
      const matrix = textOf(source, firstField(source, field, node.input));
      const maps = textOf(source, firstField(source, field, node.output));
      if (matrix !== null && maps !== null) names = { matrix, maps };
    }
    if (field.number === graph.output && textOf(source, firstField(source, field, valueInfo.name)) === names?.maps)
      isOutput = true;
  }
  return isOutput ? names : undefined;
}

/** Whether a field of a graph is the node that makes these maps, or the output that they are. */
function isOf(source: Source, field: Field, maps: string): boolean {
  const name = field.number === graph.node ? node.output : field.number === graph.output ? valueInfo.name : undefined;
  return name !== undefined && textOf(source, firstField(source, field, name)) === maps;
}

/** The bytes of a message without some of its fields. */
function piecesWithout(source: Source, span: Span, drop: (field: Field) => boolean): Buffer[] {
  const pieces: Buffer[] = [];
  let from = span.start;
  for (const field of fieldsOf(source, span)) {
    if (!drop(field)) pieces.push(source.window.subarray(from, field.end));
    from = field.end;
  }
  return [...pieces, source.window.subarray(from, span.end)];
}

/** ValueInfoProto of a tensor of float32, which is all that ZipMap takes. */
function floatTensor(name: string): Buffer {
  const tensor = encodeField(type.tensor, encodeNumber(type.element, type.float));
  return Buffer.concat([encodeField(valueInfo.name, name), encodeField(valueInfo.type, tensor)]);
}
