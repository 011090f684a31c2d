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
  const isOfNumbers = kind === "out-of-range" || kind === "constant";
  const brief = isOfNumbers ? examples.map(briefly) : examples;
  const shown = brief.length === 0 ? "" : `: ${brief.join(", ")}`;
  return `${words[kind]} ${percent(share)} (was ${percent(baselineShare)})${shown}`;
}

/** Numbers with four digits that count, as long as that tells them apart: `11.31 > 10.02`. */
function briefly(text: string): string {
  const words = text
    .split(" ")
    .map((word) => (/^-?\d+\.\d+(e[+-]?\d+)?$/.test(word) ? String(Number(Number(word).toPrecision(4))) : word));
  return new Set(words).size === text.split(" ").length ? words.join(" ") : text;
}
