import type { ColumnInput } from "../../../contract/compiled-input.ts";
import { type Numbers, refuseUntaken } from "./matrix.ts";
import { countOf, Invalid, numberOf, type Rows } from "./rows.ts";

/** Stands for null in a column of texts: no category is called so. */
const nothing = "\u0000";

/**
 * One column of rows as values of its input's type (`string`, `float32` or `float64`). Invalid: a value that the column does not
 * take, with its place. Where it takes any, the model looks at none: zeros.
 */
export function columnOf(parts: readonly Rows[], place: number, column: ColumnInput, type: string): string[] | Numbers {
  if (column.type === "any") return new (type === "float32" ? Float32Array : Float64Array)(countOf(parts));
  const cells: unknown[] = [];
  for (const { values, count, columns } of parts)
    for (let row = 0; row < count; row += 1) cells.push(values[row * columns + place]);
  refuseUnknown(cells, column);
  if (column.type === "text") return cells.map((cell, row) => textOf(cell, row, column));
  const placeOf = (at: number) => `${column.name} of row ${at + 1}`;
  const numbers = cells.map((cell, row) => numberOf(cell, column.mixed, () => placeOf(row)));
  const target = type === "float32" ? Float32Array.from(numbers) : Float64Array.from(numbers);
  refuseUntaken(target, column, placeOf);
  return target;
}

function textOf(cell: unknown, row: number, { name, missing, mixed }: ColumnInput): string {
  if (typeof cell === "string") return cell;
  if (cell === null || (typeof cell === "number" && Number.isNaN(cell))) {
    if (missing) return nothing;
    throw new Invalid(`${name} of row ${row + 1} is missing, which the model does not take`);
  }
  if (mixed) return nothing;
  throw new Invalid(`${name} of row ${row + 1} is not a text, and the model takes nothing else there`);
}

function refuseUnknown(cells: readonly unknown[], { name, only, type }: ColumnInput): void {
  if (only === null) return;
  const known = new Set<unknown>(only);
  const odd = cells.findIndex((cell) => typeof cell === (type === "text" ? "string" : "number") && !known.has(cell));
  if (odd !== -1)
    throw new Invalid(`${name} of row ${odd + 1} is ${JSON.stringify(cells[odd])}, which the model does not know`);
}
