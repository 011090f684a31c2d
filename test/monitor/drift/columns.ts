import { readFileSync } from "node:fs";
import type { Samples } from "../../../src/monitor/drift/drift-test.ts";

/** A seeded pair of samples with what scipy and Evidently say of it; written by make_expected.py. */
export interface Column {
  name: string;
  kind: "number" | "category";
  baseline: (number | string | null)[];
  current: (number | string | null)[];
  /** Value and p by the name of a test; null where one of the samples is empty. */
  expected: Record<string, [number, number | null]> | null;
}

export const columns = readFileSync(new URL("columns.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Column);

const finite = (values: readonly unknown[]): Float64Array =>
  Float64Array.from(values.filter((value): value is number => Number.isFinite(value))).sort();

export function samplesOf({ kind, baseline, current }: Column): Samples {
  if (kind === "number") return { kind, baseline: finite(baseline), current: finite(current) };
  const keys = [...new Set([...baseline, ...current])].filter((key) => key !== null);
  const count = (values: Column["baseline"]) => keys.map((key) => values.filter((value) => value === key).length);
  return { kind, baseline: count(baseline), current: count(current) };
}
