import { driftSignalText } from "../../../../src/contract/drift-signal-text.ts";
import type { AnswerOf } from "../../api.ts";
import { percentText } from "../../ui/numbers.ts";

export type DriftReport = AnswerOf<"showDrift">;
export type DriftColumn = DriftReport["inputs"]["columns"][number];
export type DriftSignal = DriftColumn["signals"][number];

/** States of a column, those that ask for attention first. */
const order = ["drifting", "suspected", "not-enough-data", "steady"] as const;

export const stateColors = {
  drifting: "red",
  suspected: "yellow",
  "not-enough-data": "gray",
  steady: "green",
} as const;

export const stateWord = (state: DriftColumn["state"]): string => state.replaceAll("-", " ");

export const byAttention = (columns: readonly DriftColumn[]): DriftColumn[] =>
  [...columns].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) || b.signals.length - a.signals.length || excess(b) - excess(a),
  );

/** How far the effect is beyond its band. */
const excess = ({ effect }: DriftColumn): number =>
  effect === null || effect.band === 0 ? 0 : effect.value / effect.band;

export const signalText = (signal: DriftSignal): string => driftSignalText(signal, percentText);

export const pText = (p: number): string => (p < 1e-12 ? "< 1e-12" : p.toPrecision(2));

/** What follows for a column, in a sentence. */
export function verdictOf(column: DriftColumn, { confirm, of }: Pick<DriftReport, "confirm" | "of">): string {
  const { state, rows, baselineRows } = column;
  if (state === "drifting") return `It differs from the baseline in at least ${confirm} of the last ${of} windows.`;
  if (state === "suspected")
    return "It differs in the newest window with enough data: the next ones tell whether it stays so.";
  if (state === "steady") return `It differs in fewer than ${confirm} of the last ${of} windows.`;
  return `Not enough data: ${rows} values in the window and ${baselineRows} in the baseline, 50 are needed of each. That is no all-clear.`;
}
