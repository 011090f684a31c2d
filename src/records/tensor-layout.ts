import type { Signature } from "../contract/host.ts";
import { refuseTensors, type Tensor } from "./tensors.ts";
import { brief } from "./words.ts";

/** How tensors are the rows of a model: one of them is all rows, or each is a column of `rows` values. */
export type TensorLayout =
  | { kind: "matrix"; tensor: Tensor; rows: number; width: number }
  | { kind: "columns"; columns: Tensor[]; rows: number };

/**
 * One tensor [rows, columns] under any name, or, for a model with named columns, one tensor [rows, 1] or [rows] for each of them, in any
 * order. Error: tensors-invalid.
 */
export function layTensors(tensors: readonly Tensor[], { input }: Signature): TensorLayout {
  const { columns, names } = input.kind === "rows" ? input : { columns: null, names: null };
  const [first] = tensors as [Tensor];
  const areColumns = names !== null && (tensors.length > 1 || (names.includes(first.name) && widthOf(first) === 1));
  if (areColumns) {
    const found = columnsInOrder(tensors, names);
    return { kind: "columns", columns: found, rows: found[0]?.shape[0] ?? 0 };
  }
  if (tensors.length > 1)
    refuseTensors(`${tensors.length} inputs came; the model takes one of shape ${wantedShape(columns)}`);
  return layMatrix(first, columns);
}

const wantedShape = (columns: number | null): string => `[rows, ${columns ?? "columns"}]`;

/** Columns of a tensor of rows; [rows] counts as one column. Undefined of other shapes. */
export function widthOf({ shape }: Tensor): number | undefined {
  return shape.length === 1 ? 1 : shape.length === 2 ? shape[1] : undefined;
}

function layMatrix(tensor: Tensor, columns: number | null): TensorLayout {
  const { name, shape, datatype } = tensor;
  const width = widthOf(tensor);
  // documents come as a list; a row of numbers more likely lacks its dimension
  const isColumn = columns === 1 || (columns === null && datatype === "BYTES");
  const isList = shape.length === 1 && !isColumn;
  if (width === undefined || isList || width !== (columns ?? width)) {
    const hint = isList ? `; one row has the shape [1, ${shape[0]}]` : "";
    return refuseTensors(
      `Input ${brief(name)} has the shape ${brief(shape)}; the model takes ${wantedShape(columns)}${hint}`,
    );
  }
  const rows = shape[0] as number;
  if (width === 0 && rows > 0) refuseTensors(`Input ${brief(name)} has no columns`);
  return { kind: "matrix", tensor, rows, width };
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
