import { ModelyardError } from "../../contract/errors.ts";
import { parseImportance } from "../../contract/importance.ts";
import type { Handler } from "../../contract/operations.ts";
import { sinceMs, spanMs } from "../../kernel/time-spans.ts";
import type { Ingest } from "../collect/ingest.ts";
import { mustKnowRevision } from "../known-services.ts";
import { refuseRecordsOff } from "../refuse-records-off.ts";
import { timeRange } from "../time-range.ts";
import { type DriftPorts, driftOf } from "./drift-of.ts";
import { defaultPolicy } from "./policy.ts";

const fiveMinutes = 300_000;

export const showDrift =
  ({ db, clock, ingest }: DriftPorts & { ingest: Ingest }): Handler<"showDrift"> =>
  async ({ service, since, until, window, revision, by, distribution, importance, confirm }) => {
    await ingest.catchUp();
    const now = clock.now();
    const [k, m] = confirm.split("/").map(Number) as [number, number];
    if (k > m) throw new ModelyardError("invalid-input", { problems: "confirm: k is at most m" });
    const windowMs = window === undefined ? undefined : spanMs(window);
    if (windowMs !== undefined && (windowMs % fiveMinutes !== 0 || windowMs === 0))
      throw new ModelyardError("invalid-input", { problems: "window: is a multiple of 5m" });
    const range = since === undefined ? undefined : timeRange({ since, until }, now);
    const report = driftOf({ db, clock }, service, {
      windowMs,
      since: range?.from,
      until: until === undefined ? undefined : sinceMs(until, now),
      revision,
      by,
      distribution,
      importance: parseImportance(importance),
      policy: { ...defaultPolicy, confirm: k, windows: m },
    });
    return report.catch(async (error: unknown) => {
      // a service that is not there has no baseline, either
      await mustKnowRevision(db, service, revision);
      if (error instanceof ModelyardError && error.code === "baseline-not-found") await refuseRecordsOff(db, service);
      throw error;
    });
  };
