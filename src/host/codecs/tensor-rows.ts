import type { Signature } from "../../contract/host.ts";
import { checkSize } from "../../records/check-size.ts";
import type { ScoreMethod } from "../../records/json-rows.ts";
import { layTensors, type TensorLayout } from "../../records/tensor-layout.ts";
import type { Tensor } from "../../records/tensors.ts";
import type { Ask } from "./codec.ts";
import { askOfJson, askOfNumbers } from "./rows.ts";

/** The rows of a request, laid out as records/tensor-layout.ts says. Null when there are none. Errors: tensors-invalid, body-too-large. */
export function askOfTensors(tensors: readonly Tensor[], signature: Signature, method: ScoreMethod): Ask | null {
  const layout = layTensors(tensors, signature);
  if (layout.rows === 0) return null;
  return layout.kind === "columns" ? askOfColumns(layout, method) : askOfMatrix(layout, method);
}

function askOfMatrix({ tensor: { values }, rows, width }: TensorLayout & { kind: "matrix" }, method: ScoreMethod): Ask {
  if (values instanceof Float64Array) return askOfNumbers(values, width, method);
  return askOfJson(
    Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width)),
    method,
  );
}

function askOfColumns({ columns, rows }: TensorLayout & { kind: "columns" }, method: ScoreMethod): Ask {
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
