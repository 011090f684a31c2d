import type { Signature } from "../../contract/host.ts";
import type { ScoreMethod } from "../engines/worker-frames.ts";
import type { Ask } from "./codec.ts";
import { askOfJson, askOfNumbers, brief, checkSize } from "./rows.ts";
import { refuseTensors, type Tensor } from "./tensors.ts";

/**
 * The rows of a request: one tensor [rows, columns] under any name, or, for a model with named columns, one tensor [rows, 1] or [rows]
 * for each of them, in any order. Null when there are no rows. Errors: tensors-invalid, body-too-large.
 */
export function askOfTensors(tensors: readonly Tensor[], { input }: Signature, method: ScoreMethod): Ask | null {
  const { columns, names } = input.kind === "rows" ? input : { columns: null, names: null };
  const [first] = tensors as [Tensor];
  const areColumns = names !== null && (tensors.length > 1 || (names.includes(first.name) && widthOf(first) === 1));
  if (areColumns) return askOfColumns(columnsInOrder(tensors, names), method);
  if (tensors.length > 1)
    refuseTensors(`${tensors.length} inputs came; the model takes one of shape ${wantedShape(columns)}`);
  return askOfMatrix(first, columns, method);
}

const wantedShape = (columns: number | null): string => `[rows, ${columns ?? "columns"}]`;

/** Columns of a tensor of rows; [rows] counts as one column. */
function widthOf({ shape }: Tensor): number | undefined {
  return shape.length === 1 ? 1 : shape.length === 2 ? shape[1] : undefined;
}

function askOfMatrix(tensor: Tensor, columns: number | null, method: ScoreMethod): Ask | null {
  const { name, shape, values } = tensor;
  const width = widthOf(tensor);
  const isList = shape.length === 1 && columns !== 1;
  if (width === undefined || isList || width !== (columns ?? width)) {
    const hint = isList ? `; one row has the shape [1, ${shape[0]}]` : "";
    refuseTensors(`Input ${brief(name)} has the shape ${brief(shape)}; the model takes ${wantedShape(columns)}${hint}`);
  }
  if (shape[0] === 0) return null;
  if (width === 0) refuseTensors(`Input ${brief(name)} has no columns`);
  if (values instanceof Float64Array) return askOfNumbers(values, width as number, method);
  const rows = Array.from({ length: shape[0] as number }, (_, row) =>
    values.slice(row * (width as number), (row + 1) * (width as number)),
  );
  return askOfJson(rows, method);
}

/** The tensor of each column. Error: tensors-invalid, naming what is missing, unknown or of another length. */
function columnsInOrder(tensors: readonly Tensor[], names: readonly string[]): Tensor[] {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) refuseTensors(`The column ${brief(missing[0])} is missing${others(missing)}`);
  const known = new Set(names);
  const unknown = tensors.find(({ name }) => !known.has(name));
  if (unknown !== undefined) refuseTensors(`The model has no column ${brief(unknown.name)}`);
  const rows = tensors[0]?.shape[0];
  for (const tensor of tensors) {
    const what = `Input ${brief(tensor.name)} has the shape ${brief(tensor.shape)}`;
    if (widthOf(tensor) !== 1) refuseTensors(`${what}; a column has [rows, 1] or [rows]`);
    if (tensor.shape[0] !== rows) refuseTensors(`${what}; the first input has ${rows} rows`);
  }
  return names.map((name) => found.get(name) as Tensor);
}

const others = (missing: readonly string[]): string => (missing.length > 1 ? `, and ${missing.length - 1} more` : "");

function askOfColumns(columns: readonly Tensor[], method: ScoreMethod): Ask | null {
  const rows = columns[0]?.shape[0] ?? 0;
  if (rows === 0) return null;
  if (columns.every(({ values }) => values instanceof Float64Array)) {
    checkSize(rows * columns.length * 8);
    const numbers = new Float64Array(rows * columns.length);
    columns.forEach(({ values }, column) => {
      for (let row = 0; row < rows; row += 1) numbers[row * columns.length + column] = values[row] as number;
    });
    return askOfNumbers(numbers, columns.length, method);
  }
  return askOfJson(
    Array.from({ length: rows }, (_, row) => columns.map((column) => valueAt(column, row))),
    method,
  );
}

/** Beside text a truth value stays one: a column of objects keeps what it is given. */
function valueAt({ datatype, values }: Tensor, row: number): unknown {
  const value = values[row];
  if (datatype === "BOOL") return value === 1;
  return value;
}
