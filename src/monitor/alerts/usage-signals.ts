import type { Db } from "../../kernel/db.ts";
import { findService } from "../../use/rows.ts";
import { quantileMs } from "../usage/latency-histogram.ts";
import { selectLastUse, selectUsage } from "../usage/rows.ts";
import { countErrors, mergeUsage, noUsage, partOf, type Usage } from "../usage/usage.ts";
import type { Unit } from "./condition/condition.ts";
import type { Look, Signal } from "./signal.ts";

const minuteMs = 60_000;

/** The longest slot, minutes: a window may begin in one. */
const longestSpan = 1440;

/** Usage is kept by the minute: a window is the minutes that begin in it, and the one it begins in. */
const firstMinute = ({ from }: Look): number => Math.floor(from / minuteMs);

/** Of old usage, which is kept by the hour or day, the part of a slot that is in the window counts. */
async function usageIn(db: Db, look: Look): Promise<Usage> {
  const usage = noUsage();
  const [first, end] = [firstMinute(look), Math.floor(look.to / minuteMs) + 1];
  for (const slot of await selectUsage(db, look.service, first - longestSpan, end)) {
    const { minute, span } = slot;
    const inside = Math.min(minute + span, end) - Math.max(minute, first);
    if (inside > 0) mergeUsage(usage, inside === span ? slot : partOf(slot, inside / span));
  }
  return usage;
}

const ofUsage =
  (name: string, unit: Unit, read: (usage: Usage, seconds: number) => number | null) =>
  (db: Db): Signal => ({
    ...{ name, unit, argument: "none", overMs: 5 * minuteMs, changesMs: minuteMs },
    value: async (look) => read(await usageIn(db, look), (look.to - firstMinute(look) * minuteMs) / 1000),
  });

const share = (part: number, { requests }: Usage) => (requests === 0 ? null : part / requests);

const signals = [
  ofUsage("p50", "time", ({ latencies }) => quantileMs(latencies, 0.5)),
  ofUsage("p95", "time", ({ latencies }) => quantileMs(latencies, 0.95)),
  ofUsage("p99", "time", ({ latencies }) => quantileMs(latencies, 0.99)),
  ofUsage("requests", "count", ({ requests }) => requests),
  ofUsage("rows", "count", ({ rows }) => rows),
  ofUsage("rate", "rate", ({ requests }, seconds) => requests / seconds),
  ofUsage("errors", "count", (usage) => countErrors(usage)),
  ofUsage("client_errors", "count", (usage) => countErrors(usage, 4)),
  ofUsage("server_errors", "count", (usage) => countErrors(usage, 5)),
  ofUsage("error_rate", "share", (usage) => share(countErrors(usage), usage)),
  ofUsage("client_error_rate", "share", (usage) => share(countErrors(usage, 4), usage)),
  ofUsage("server_error_rate", "share", (usage) => share(countErrors(usage, 5), usage)),
];

/** What usage tells: counts, rates, errors, latency, and how long nobody has asked. */
export const usageSignals = (db: Db): Signal[] => [
  ...signals.map((make) => make(db)),
  {
    ...{ name: "idle", unit: "time", argument: "none", overMs: 5 * minuteMs, changesMs: minuteMs },
    // a service that nobody ever asked is idle from its start on
    value: async ({ service, to }) => {
      const started = (await findService(db, service))?.updatedAt ?? 0;
      const last = Math.max((await selectLastUse(db, service, to)) ?? 0, started <= to ? started : 0);
      return last === 0 ? null : Math.max(0, to - last);
    },
  },
];
