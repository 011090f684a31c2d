import { ModelyardError } from "../contract/errors.ts";
import { sinceMs } from "../kernel/time-spans.ts";

/** The time that is asked about, epoch ms: its first moment and the one behind its last, which is now when it is not said. Throws invalid-input when there is none between. */
export function timeRange(
  { since, until }: { since: string; until?: string | undefined },
  now: number,
): { from: number; to: number } {
  const from = sinceMs(since, now);
  const to = until === undefined ? now + 1 : sinceMs(until, now);
  if (from < to) return { from, to };
  const problems = until === undefined ? "since: is in the future" : "until: is not after since";
  throw new ModelyardError("invalid-input", { problems });
}
