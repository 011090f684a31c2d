import type { MonitorPorts } from "../ports.ts";
import { addUsage, firstMinuteOfSpan, takeSlots } from "./rows.ts";

const day = 1440;

/** Minutes become hours after three days, hours become days after 90: a service that is used all year keeps some ten thousand rows. */
const steps = [
  { from: 1, to: 60, afterMinutes: 3 * day },
  { from: 60, to: day, afterMinutes: 90 * day },
] as const;

/** The minutes of the longest span that may hold the usage of a minute (since 1970). */
export function keptSpan(minute: number, nowMs: number): number {
  const age = Math.floor(nowMs / 60_000) - minute;
  return steps.findLast(({ afterMinutes }) => age > afterMinutes)?.to ?? 1;
}

/** A scoring token lives for a day at most: in a year nobody knows which one it was. */
const keptCaller = (caller: string, span: number): string =>
  span === day && caller.startsWith("token:") ? "token" : caller;

/**
 * Adds up old usage into longer spans, each hour or day in a transaction of its own: nothing is counted twice or left out wherever it ends.
 * What comes late for an hour that was added up already is added to it by the next run. Run hourly.
 */
export async function compactUsage({ db, clock }: Pick<MonitorPorts, "db" | "clock">): Promise<void> {
  const now = Math.floor(clock.now() / 60_000);
  for (const { from, to, afterMinutes } of steps) {
    const end = Math.floor((now - afterMinutes) / to) * to;
    for (;;) {
      const first = await firstMinuteOfSpan(db, from, end);
      if (first === undefined) break;
      const minute = Math.floor(first / to) * to;
      await db.transaction(async (tx) => {
        for (const slot of await takeSlots(tx, from, minute, minute + to))
          await addUsage(tx, { ...slot, minute, span: to, caller: keptCaller(slot.caller, to) });
      });
    }
  }
}
