import type { Signature } from "../contract/host.ts";
import { namesOf, type Table, type Value } from "./table.ts";
import { layTensors, widthOf } from "./tensor-layout.ts";
import type { Tensor } from "./tensors.ts";
import { giveUp } from "./undecoded.ts";

/**
 * The inputs of a model as rows; those of a script, whose signature is text, are columns by their names. `isJson`: nothing came in binary,
 * so NaN was null.
 */
export function tableOfTensors(tensors: readonly Tensor[], isJson: boolean, signature: Signature): Table {
  const { input } = signature;
  if (input.kind === "text") return looseTable(tensors, isJson);
  const layout = layTensors(tensors, withNumbers(signature, tensors));
  if (layout.kind === "columns")
    return rowsOfColumns(
      layout.columns.map(({ name }) => name),
      layout.columns.map((tensor) => valuesOf(tensor, isJson)),
    );
  const { tensor, rows, width } = layout;
  const values = valuesOf(tensor, isJson);
  return {
    columns: namesOf(width, input.names),
    rows: Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width)),
  };
}

/** A record that was redacted has a tensor for each column, `x0`, `x1`, … of a model that names none: they need not be of one type. */
function withNumbers({ input }: Signature, tensors: readonly Tensor[]): Signature {
  const names = tensors.map(({ name }) => name);
  const areNumbered = names.length > 1 && names.every((name, place) => name === `x${place}`);
  return { input: input.kind === "rows" && input.names === null && areNumbered ? { ...input, names } : input };
}

/** A tensor [rows] or [rows, 1] is the column of its name, a wider one `name.0`, …; one alone `x0`, …. */
function looseTable(tensors: readonly Tensor[], isJson: boolean): Table {
  const [only, ...more] = tensors;
  const isOnly = more.length === 0 && only !== undefined && (widthOf(only) ?? 1) > 1;
  return columnsOfTensors(
    tensors.map((tensor) => ({
      tensor,
      nameOf: (place, width) => (isOnly ? `x${place}` : width === 1 ? tensor.name : `${tensor.name}.${place}`),
    })),
    isJson,
  );
}

/** Tensors of the same number of rows, each of which is one or several columns. */
export function columnsOfTensors(
  parts: readonly { tensor: Tensor; nameOf(place: number, width: number): string }[],
  isJson: boolean,
): Table {
  const read = parts.map(({ tensor, nameOf }) => {
    const width = widthOf(tensor) ?? giveUp("not-tabular");
    if (tensor.shape[0] !== parts[0]?.tensor.shape[0]) giveUp("rows-differ");
    const names = Array.from({ length: width }, (_, place) => nameOf(place, width));
    return { width, names, values: valuesOf(tensor, isJson) };
  });
  const count = parts[0]?.tensor.shape[0] ?? 0;
  const rowAt = (row: number) => read.flatMap(({ width, values }) => values.slice(row * width, (row + 1) * width));
  return { columns: read.flatMap(({ names }) => names), rows: Array.from({ length: count }, (_, row) => rowAt(row)) };
}

function rowsOfColumns(names: string[], columns: readonly Value[][]): Table {
  const count = columns[0]?.length ?? 0;
  const rows = Array.from({ length: count }, (_, row) => columns.map((column) => column[row] as Value));
  return { columns: names, rows };
}

function valuesOf({ datatype, values }: Tensor, isJson: boolean): Value[] {
  if (datatype === "BOOL") return Array.from(values as Float64Array, (value) => value === 1);
  const plain: Value[] = Array.from<Value>(values);
  return isJson ? plain.map((value) => (Number.isNaN(value) ? null : value)) : plain;
}
