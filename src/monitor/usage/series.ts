import { ModelyardError } from "../../contract/errors.ts";
import type { UsagePoint, usageSteps } from "../../contract/monitor.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import type { UsageSlot } from "./rows.ts";
import { mergeUsage, noUsage, type Usage, usagePoint } from "./usage.ts";

const mostPoints = 2000;

export interface Series {
  add(slot: UsageSlot): void;
  /** One for each step up to now, also where nothing was used. */
  points(): UsagePoint[];
}

/** Usage by steps of time from `from` (minutes since 1970) to `now` (epoch ms). Throws invalid-input for too many steps. */
export function makeSeries(every: (typeof usageSteps)[number], from: number, now: number): Series {
  const step = spanMs(every) / 60_000;
  const first = Math.floor(from / step);
  const last = Math.floor(now / 60_000 / step);
  if (last - first >= mostPoints)
    throw new ModelyardError("invalid-input", {
      problems: `every: that are ${last - first + 1} steps, more than ${mostPoints}; take longer steps or a later time`,
    });
  const steps = new Map<number, Usage>();
  return {
    add(slot) {
      const place = Math.floor(slot.minute / step);
      const usage = steps.get(place) ?? noUsage();
      steps.set(place, usage);
      mergeUsage(usage, slot);
    },
    points: () =>
      Array.from({ length: last - first + 1 }, (_, index) => ({
        at: (first + index) * step * 60_000,
        ...usagePoint(steps.get(first + index) ?? noUsage()),
      })),
  };
}
