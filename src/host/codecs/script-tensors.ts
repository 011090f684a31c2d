import { refuseTensors, type Tensor } from "../../records/tensors.ts";
import { brief } from "../../records/words.ts";
import type { Ask } from "./codec.ts";
import { askOfParameters, frameText, rowsParameter, valueText } from "./script-body.ts";
import type { Parameter } from "./script-parameters.ts";

/**
 * Tensors as the body of an entry script. Each goes to the parameter of its name; one alone may have any name; and those that are named
 * like the columns of a frame are its columns. Errors: tensors-invalid, body-too-large.
 */
export function askOfScriptTensors(tensors: readonly Tensor[], parameters: readonly Parameter[]): Ask {
  const byName = new Map(parameters.map((one) => [one.name, one]));
  if (tensors.every(({ name }) => byName.has(name)))
    return askOfParameters(
      new Map(tensors.map((tensor) => [tensor.name, textFor(tensor, byName.get(tensor.name) as Parameter)])),
    );
  const parameter = rowsParameter(parameters, refuseTensors);
  if (parameter.kind === "frame" && tensors.every(({ name }) => parameter.columns.some((one) => one.name === name)))
    return askOfParameters(new Map([[parameter.name, columnsText(tensors, parameter.orient)]]));
  const [only, ...more] = tensors as [Tensor];
  if (more.length > 0) {
    const known =
      parameter.kind === "frame" ? parameter.columns.map(({ name }) => name) : parameters.map(({ name }) => name);
    const odd = tensors.find(({ name }) => !known.includes(name)) as Tensor;
    refuseTensors(`There is no input ${brief(odd.name)}; the entry script takes ${brief(known)}`);
  }
  return askOfParameters(new Map([[parameter.name, textFor(only, parameter)]]));
}

const isFloat = ({ datatype }: Tensor): boolean => datatype.includes("FP") || datatype === "BF16";

function elementText(tensor: Tensor, place: number, missing: string): string {
  const value = tensor.values[place];
  if (tensor.datatype === "BOOL") return String(value === 1);
  return Number.isNaN(value) ? missing : valueText(value, isFloat(tensor));
}

function textFor(tensor: Tensor, parameter: Parameter): string {
  if (parameter.kind === "frame") return frameOfRows(tensor, parameter);
  if (parameter.kind === "object")
    refuseTensors(`The parameter ${brief(parameter.name)} of the entry script is no tensor; send it to /score`);
  const isSingle = parameter.kind === "any" || parameter.shape.length === 0;
  if (isSingle && tensor.values.length === 1) return elementText(tensor, 0, "NaN");
  return nested(tensor, 0, 0, tensor.values.length);
}

/** The elements from `start` on as lists nested by the shape from dimension `depth` on. */
function nested(tensor: Tensor, depth: number, start: number, count: number): string {
  if (depth === tensor.shape.length) return elementText(tensor, start, "NaN");
  const length = tensor.shape[depth] as number;
  const step = length === 0 ? 0 : count / length;
  const items = Array.from({ length }, (_, index) => nested(tensor, depth + 1, start + index * step, step));
  return `[${items.join(", ")}]`;
}

function frameOfRows(tensor: Tensor, { name, orient, columns }: Parameter & { kind: "frame" }): string {
  const [rows = 0, width] = tensor.shape;
  if (tensor.shape.length !== 2 || (columns.length > 0 && width !== columns.length))
    refuseTensors(
      `Input ${brief(tensor.name)} has the shape ${brief(tensor.shape)}; ${brief(name)} takes [rows, ${columns.length || "columns"}]`,
    );
  const texts = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width as number }, (_, place) => elementText(tensor, row * (width as number) + place, "null")),
  );
  return frameText(
    orient,
    columns.map((one) => one.name),
    texts,
    refuseTensors,
  );
}

function columnsText(tensors: readonly Tensor[], orient: string): string {
  const rows = tensors[0]?.shape[0] ?? 0;
  for (const { name, shape } of tensors)
    if (shape[0] !== rows || shape.length > 2 || (shape[1] ?? 1) !== 1)
      refuseTensors(`Input ${brief(name)} has the shape ${brief(shape)}; a column has [${rows}, 1] or [${rows}]`);
  const texts = Array.from({ length: rows }, (_, row) => tensors.map((tensor) => elementText(tensor, row, "null")));
  return frameText(
    orient,
    tensors.map(({ name }) => name),
    texts,
    refuseTensors,
  );
}
