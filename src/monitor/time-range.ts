import { ModelyardError } from "../contract/errors.ts";
import { pastMs, sinceMs } from "../kernel/time-spans.ts";

/** The time that is asked about, epoch ms: its first moment and the one behind its last, which is now when it is not said. Throws invalid-input when it begins in the future, or there is none between. */
export function timeRange(
  { since, until }: { since: string; until?: string | undefined },
  now: number,
): { from: number; to: number } {
  const from = pastMs(since, now);
  // a clock that goes before ours may name a moment that is still to come
  const to = until === undefined ? Math.max(from, now) + 1 : sinceMs(until, now);
  if (from < to) return { from, to };
  throw new ModelyardError("invalid-input", { problems: "until: is not after since" });
}
