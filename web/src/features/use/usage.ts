import { countText } from "../../ui/numbers.ts";

interface Point {
  /** When it begins, epoch ms. */
  at: number;
  requests: number;
  errors: number;
}

const minuteMs = 60_000;
const recentPoints = 2;

/** Requests and errors per minute over the last five to ten minutes of a series of five-minute steps. */
export function recentRates(series: readonly Point[], now: number): { requests: number; errors: number } {
  const recent = series.slice(-recentPoints);
  const from = recent[0]?.at;
  if (from === undefined) return { requests: 0, errors: 0 };
  const minutes = Math.max(1, (now - from) / minuteMs);
  const sum = (member: "requests" | "errors") => recent.reduce((total, point) => total + point[member], 0) / minutes;
  return { requests: sum("requests"), errors: sum("errors") };
}

/** A rate as readers compare it: two digits below ten, whole above. */
export const rateText = (value: number): string =>
  value === 0
    ? "0"
    : value < 0.01
      ? "< 0.01"
      : value < 10
        ? String(Number(value.toPrecision(2)))
        : countText(Math.round(value));
