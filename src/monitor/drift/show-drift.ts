import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { sinceMs, spanMs } from "../../kernel/time-spans.ts";
import type { Ingest } from "../collect/ingest.ts";
import { type DriftPorts, driftOf } from "./drift-of.ts";
import { defaultPolicy } from "./policy.ts";

const fiveMinutes = 300_000;

export const showDrift =
  ({ db, clock, ingest }: DriftPorts & { ingest: Ingest }): Handler<"showDrift"> =>
  async ({ service, since, until, window, revision, by, distribution, importance, confirm }) => {
    await ingest.catchUp();
    const now = clock.now();
    const moment = (text: string | undefined) => (text === undefined ? undefined : sinceMs(text, now));
    const [k, m] = confirm.split("/").map(Number) as [number, number];
    if (k > m) throw new ModelyardError("invalid-input", { problems: "confirm: k is at most m" });
    const windowMs = window === undefined ? undefined : spanMs(window);
    if (windowMs !== undefined && (windowMs % fiveMinutes !== 0 || windowMs === 0))
      throw new ModelyardError("invalid-input", { problems: "window: is a multiple of 5m" });
    return driftOf({ db, clock }, service, {
      windowMs,
      since: moment(since),
      until: moment(until),
      revision,
      by,
      distribution,
      importance: weightsOf(importance),
      policy: { ...defaultPolicy, confirm: k, windows: m },
    });
  };

/** `column=number`, split at the last sign: names of columns may hold one. */
function weightsOf(given: string | readonly string[] | undefined): Record<string, number> {
  const pairs = given === undefined ? [] : typeof given === "string" ? [given] : given;
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.lastIndexOf("=");
      const weight = Number(pair.slice(cut + 1));
      if (cut < 1 || !(weight >= 0) || !Number.isFinite(weight) || pair.slice(cut + 1).trim() === "")
        throw new ModelyardError("invalid-input", { problems: `importance: ${pair} is not column=number` });
      return [pair.slice(0, cut), weight];
    }),
  );
}
