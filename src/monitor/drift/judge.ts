import type { DriftReport } from "../../contract/drift.ts";
import type { Side } from "../profile/rows.ts";
import { type ColumnWindow, driftScore, latestCompared, type Policy, stateOf } from "./policy.ts";

/** What the windows of a side, oldest first, say of each column. */
export function judge(
  side: Side,
  windows: readonly ColumnWindow[][],
  policy: Policy,
  importance: Readonly<Record<string, number>>,
): DriftReport["inputs"] {
  const columns = (windows.at(-1) ?? []).map(({ column, kind }, i) => {
    const series = windows.flatMap((window) => window[i] ?? []);
    // what the state is read from: another one would contradict it
    const compared = latestCompared(series, policy) ?? series.at(-1);
    const comparison = compared?.comparison ?? null;
    return {
      side,
      column,
      kind,
      state: stateOf(series, policy),
      rows: compared?.rows ?? 0,
      baselineRows: compared?.baselineRows ?? 0,
      test: comparison === null ? null : { ...comparison.test, adjustedP: comparison.adjustedP },
      effect: comparison?.effect ?? null,
      effects: series.map((window) => window.comparison?.effect.value ?? null),
      bands: series.map((window) => window.comparison?.effect.band ?? null),
      signals: series.findLast(({ tableRows }) => tableRows > 0)?.signals ?? [],
    };
  });
  return { score: driftScore(columns, importance), columns };
}
