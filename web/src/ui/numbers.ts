export { sizeText as bytesText } from "../../../src/client/report/text.ts";

const count = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 12,345 */
export const countText = (value: number): string => count.format(value);
/** 12.3K, for where room is scarce. */
export const shortText = (value: number): string => short.format(value);

/** Milliseconds as a reader wants them: 0.42 ms, 12 ms, 3.4 s, 5 min. */
export function durationText(ms: number): string {
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** A share of 1 as a percentage. */
export const percentText = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
