import type { DriftColumn } from "./drift.ts";

type DriftSignal = DriftColumn["signals"][number];

const words: Record<DriftSignal["kind"], string> = {
  missing: "missing",
  "unseen-category": "unseen",
  "type-error": "wrong type",
  "out-of-range": "out of range",
  infinite: "infinite",
  constant: "constant",
};

/** What a signal of a column says to people; `percent` writes a share as its reader does. */
export function driftSignalText(
  { kind, share, baselineShare, examples }: DriftSignal,
  percent: (share: number) => string,
): string {
  const shown = examples.length === 0 ? "" : `: ${examples.join(", ")}`;
  return `${words[kind]} ${percent(share)} (was ${percent(baselineShare)})${shown}`;
}
