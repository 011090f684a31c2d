import type { DatasetColumn } from "../../contract/datasets.ts";
import type { Value } from "../../records/table.ts";
import type { DatasetRow } from "./dataset-row.ts";
import type { Seen } from "./seen.ts";

/** A column, and how its value is taken from a row. */
export interface ReadColumn extends DatasetColumn {
  read(row: DatasetRow): Value;
}

interface SeenColumns {
  inputs: ReadonlyMap<string, Seen>;
  predictions: ReadonlyMap<string, Seen>;
  label: Seen;
  weight: Seen;
}

/**
 * The columns of a data set. Inputs have the names that the model knows them by; another column whose name one of them has taken gets
 * an underscore behind its own.
 */
export function columnsOf(
  { inputs, predictions, label, weight }: SeenColumns,
  names: readonly (readonly string[])[],
  rows: number,
  weightOf: (row: DatasetRow) => number,
): ReadColumn[] {
  const free = freeNames();
  const column = (role: DatasetColumn["role"], name: string, seen: Seen, read: ReadColumn["read"]): ReadColumn => {
    const type = seen.kind ?? "number";
    const asText = (value: Value) => (value === null ? null : String(value));
    return {
      ...{ name: free(name), role, type, missing: rows - seen.present },
      read: type === "text" ? (row) => asText(read(row)) : read,
    };
  };
  const placesOf = (name: string) => names.map((list) => list.indexOf(name));
  const ofInputs = [...inputs].map(([name, seen]) => {
    const places = placesOf(name);
    return column("input", name, seen, (row) => row.inputs[places[row.inputNames] ?? -1] ?? null);
  });
  const ofPredictions = [...predictions].map(([name, seen]) => {
    const places = placesOf(name);
    return column("prediction", name, seen, (row) => row.predictions[places[row.predictionNames] ?? -1] ?? null);
  });
  const ofLabel = column("label", "label", label, (row) => row.label);
  const known = (kind: Seen["kind"]): Seen => ({ kind, present: rows });
  return [
    column("id", "_id", known("text"), (row) => row.id),
    column("row", "_row", known("integer"), (row) => row.row),
    { ...column("time", "_at", known("integer"), (row) => row.at), type: "time" },
    column("revision", "_revision", known("integer"), (row) => row.revision),
    column("model", "_model", known("text"), (row) => row.model),
    ...[...ofInputs, ...ofPredictions, ofLabel],
    column("weight", "_weight", weight, weightOf),
  ];
}

function freeNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    let own = name;
    while (taken.has(own)) own += "_";
    taken.add(own);
    return own;
  };
}
