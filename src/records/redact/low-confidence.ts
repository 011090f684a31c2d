import type { AlsoRule } from "../../contract/record-rules.ts";
import type { Table, Value } from "../table.ts";

type LowConfidence = AlsoRule & { kind: "low-confidence" };

/** Whether one row at least is less sure than a rule says: its largest score, or the number in the named column. */
export function isLowConfidence(predictions: Table, rules: readonly LowConfidence[]): boolean {
  const { columns, rows } = predictions;
  return rules.some(({ below, column }) => {
    const places = columns.flatMap((name, place) =>
      (column === null ? /^score\./.test(name) : name === column) ? [place] : [],
    );
    const confidenceOf = (row: readonly Value[]) =>
      Math.max(
        ...places
          .map((place) => row[place])
          .filter((value) => typeof value === "number" && !Number.isNaN(value))
          .map(Number),
      );
    return rows.some((row) => {
      const confidence = confidenceOf(row);
      return confidence > Number.NEGATIVE_INFINITY && confidence < below;
    });
  });
}
