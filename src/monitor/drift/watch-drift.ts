import type { DriftColumn, DriftReport } from "../../contract/drift.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { emit } from "../../kernel/outbox.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import type { Ingest } from "../collect/ingest.ts";
import { profiledServices } from "../profile/rows.ts";
import { chooseWindow } from "./choose-window.ts";
import { type DriftPorts, driftOf } from "./drift-of.ts";
import { driftingColumns, evaluatedUntil, forgetDrifting, keepDrifting, setEvaluatedUntil } from "./rows.ts";

const week = 7 * 24 * 3_600_000;

/**
 * Looks at each service once for every window that ended, and writes an event when a column begins to drift or no longer does.
 * Windows here begin at multiples of their length, so that each is looked at once.
 */
export async function watchDrift(ports: DriftPorts & { log: Log; ingest: Ingest }): Promise<void> {
  const { db, clock, log } = ports;
  await ports.ingest.catchUp({ unhurried: true });
  for (const service of await profiledServices(db, clock.now() - week)) {
    const length = await chooseWindow(db, service, clock.now());
    const until = Math.floor(clock.now() / length) * length;
    if (until <= (await evaluatedUntil(db, service))) continue;
    const report = await driftOf(ports, service, { windowMs: length, until, since: until }).catch((error: unknown) => {
      if (error instanceof ModelyardError && error.code === "baseline-not-found") return null;
      throw error;
    });
    if (report === null) continue;
    await keepReport(ports, report, until);
    log.debug({ service, until }, "drift evaluated");
  }
}

/** A column that has too little data now stays what it was. */
async function keepReport({ db, clock }: DriftPorts, report: DriftReport, until: number): Promise<void> {
  const { service, window } = report;
  const columns = [...report.inputs.columns, ...(report.predictions?.columns ?? [])];
  await db.transaction(async (tx) => {
    const before = await driftingColumns(tx, service);
    const was = (column: DriftColumn) =>
      before.find(({ side, name }) => side === column.side && name === column.column);
    const about = { subject: `services/${service}`, actor: "monitor", at: clock.now() };
    for (const column of columns) {
      const { side, column: name, state } = column;
      const since = was(column)?.since;
      if (state === "drifting" && since === undefined) {
        await keepDrifting(tx, service, side, name, until - spanMs(window));
        await emit(tx, { ...about, type: "modelyard.drift.began", data: told(report, column, until) });
      } else if (since !== undefined && (state === "steady" || state === "suspected")) {
        await forgetDrifting(tx, service, side, name);
        await emit(tx, { ...about, type: "modelyard.drift.ended", data: { ...told(report, column, until), since } });
      }
    }
    await setEvaluatedUntil(tx, service, until);
  });
}

function told({ service, window, inputs, predictions }: DriftReport, column: DriftColumn, until: number): object {
  const { side, column: name, test, effect, rows } = column;
  const score = (side === "inputs" ? inputs : predictions)?.score ?? null;
  return { service, side, column: name, window, until, rows, test, effect, score };
}
