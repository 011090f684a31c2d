import { ModelyardError } from "../contract/errors.ts";
import { isYetToCome } from "./clock-slack.ts";

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a span such as 15m, 2h or 7d. */
export function spanMs(span: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(span) ?? [];
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}

/** The moment (epoch ms) that `since` means: an ISO time, or a span back from `now`. */
export const sinceMs = (since: string, now: number): number =>
  /^\d+[smhd]$/.test(since) ? now - spanMs(since) : Date.parse(since);

/** The same for what looks back. Throws invalid-input for a time in the future, whose answer would be empty and hide the mistake. */
export function pastMs(since: string, now: number): number {
  const from = sinceMs(since, now);
  if (isYetToCome(from, now)) throw new ModelyardError("invalid-input", { problems: "since: is in the future" });
  return from;
}
