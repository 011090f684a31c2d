import type { InferenceSession } from "onnxruntime-node";
import type { CompiledInput } from "../../../contract/compiled-input.ts";
import { inputTypes, type Numbers, stack } from "./matrix.ts";
import { countOf, Invalid, type Rows } from "./rows.ts";
import { columnOf } from "./table.ts";

/** What the engine does not serve as it is, one line. */
export class Unfit extends Error {}

/** Values for one input of a model. */
export interface Feed {
  name: string;
  type: string;
  values: string[] | Numbers;
  dims: [number, number];
}

/** How rows become the inputs of a model. */
export interface Inputs {
  /** Numbers in one row; null when the model leaves that open. */
  columns: number | null;
  /** `parts` have the same width. Invalid: they do not fit the model. */
  feedsOf(parts: readonly Rows[]): Feed[];
}

/** One input [rows, columns] of numbers, or for a table one input [rows, 1] for each column, in order. Throws Unfit. */
export function inputsOf(found: readonly InferenceSession.ValueMetadata[], input?: CompiledInput): Inputs {
  return input?.kind === "table" ? tableInputs(found, input) : matrixInputs(found, input);
}

function matrixInputs(
  found: readonly InferenceSession.ValueMetadata[],
  takes?: CompiledInput & { kind: "matrix" },
): Inputs {
  const { name, type, columns } = matrixOf(found);
  return {
    columns,
    feedsOf: (parts) => {
      const width = checkedWidth(parts, columns);
      return [{ name, type, values: stack(parts, type, takes), dims: [countOf(parts), width] }];
    },
  };
}

function tableInputs(
  found: readonly InferenceSession.ValueMetadata[],
  table: CompiledInput & { kind: "table" },
): Inputs {
  const typeOf = new Map(found.map((value) => [value.name, value.isTensor ? value.type : "none"]));
  const columns = table.columns.filter(({ name }) => typeOf.has(name));
  if (columns.length !== typeOf.size) throw new Unfit("its inputs are not the columns that were told");
  const width = table.columns.length;
  return {
    columns: width,
    feedsOf: (parts) => {
      checkedWidth(parts, width);
      return table.columns.flatMap((column, place) => {
        const type = typeOf.get(column.name) ?? "float64";
        const values = columnOf(parts, place, column, type);
        return typeOf.has(column.name)
          ? [{ name: column.name, type, values, dims: [countOf(parts), 1] as [number, number] }]
          : [];
      });
    },
  };
}

function checkedWidth(parts: readonly Rows[], columns: number | null): number {
  const width = parts[0]?.columns ?? 0;
  if (columns !== null && columns !== width)
    throw new Invalid(`The rows have ${width} values; the model takes ${columns}`);
  return width;
}

/** The one input [rows, columns] of numbers. */
function matrixOf(inputs: readonly InferenceSession.ValueMetadata[]): {
  name: string;
  type: string;
  columns: number | null;
} {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0)
    throw new Unfit(
      `it takes ${inputs.length} inputs (${inputs.map(({ name }) => name).join(", ")}), not one of rows of numbers`,
    );
  if (!input.isTensor) throw new Unfit(`its input ${input.name} is no tensor`);
  const { name, type, shape } = input;
  const [rows, columns] = shape;
  if (shape.length !== 2)
    throw new Unfit(
      `its input ${name} has the shape [${shape.map((size) => size || "?").join(", ")}], not [any number of rows, columns]`,
    );
  if (typeof rows === "number")
    throw new Unfit(
      `its input ${name} takes ${rows} row(s) at a time; export it with a first dimension that may change`,
    );
  if (!inputTypes.includes(type)) throw new Unfit(`its input ${name} is of ${type}, not of ${inputTypes.join(", ")}`);
  return { name, type, columns: typeof columns === "number" ? columns : null };
}
