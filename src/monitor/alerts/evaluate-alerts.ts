import type { Db } from "../../kernel/db.ts";
import { runningServices } from "../monitored-services.ts";
import type { Condition } from "./condition/condition.ts";
import { parseCondition } from "./condition/parse-condition.ts";
import { type Finding, measure } from "./measure.ts";
import type { AlertPorts } from "./ports.ts";
import { findAlert, keepState, removeState, type StoredAlert, selectAlerts, selectStates } from "./rows.ts";
import { noMemory, step } from "./step.ts";
import { tellState } from "./tell-state.ts";

interface Evaluated extends Finding {
  service: string;
  forMs: number;
}

/**
 * Looks at every alert on every service that runs and keeps what came out together with the events that tell it: a restart neither
 * repeats nor loses one. Run every half minute. What the host has spooled is taken over first, else a server that was down sees no traffic.
 */
export async function evaluateAlerts(ports: AlertPorts): Promise<void> {
  const { db, clock, ingest } = ports;
  const alerts = await selectAlerts(db);
  if (alerts.length === 0) return;
  await ingest.catchUp({ unhurried: true });
  const at = clock.now();
  const running = await runningServices(db, at);
  for (const alert of alerts) {
    const condition = conditionOf(ports, alert);
    if (condition === undefined) continue;
    const evaluated: Evaluated[] = [];
    for (const service of watched(alert, running))
      evaluated.push({
        service,
        forMs: condition.forMs,
        ...(await measure(ports, condition, service, { at, isFresh: false })),
      });
    await db.transaction((tx) => settle(tx, alert.name, evaluated, at));
  }
}

/** The services of `running` that an alert watches. */
export const watched = ({ service }: Pick<StoredAlert, "service">, running: readonly string[]): string[] =>
  running.filter((name) => service === null || service === name);

/** A condition was read when it was kept; a signal may have gone since. */
function conditionOf({ signals, log }: AlertPorts, { name, when }: StoredAlert): Condition | undefined {
  try {
    return parseCondition(when, signals);
  } catch (error) {
    log.warn({ alert: name, reason: (error as Error).message }, "an alert cannot be evaluated");
    return undefined;
  }
}

/** Keeps the new states of an alert and tells what changed; services that run no more lose theirs. */
async function settle(tx: Db, name: string, evaluated: readonly Evaluated[], at: number): Promise<void> {
  // it may have been deleted or silenced while its signals were looked at
  const alert = await findAlert(tx, name);
  if (alert === undefined) return;
  const silenced = alert.silencedUntil !== null && alert.silencedUntil > at;
  const states = await selectStates(tx, name);
  for (const { service, forMs, verdict, measured } of evaluated) {
    const before = states.find((state) => state.service === service);
    const memory = step(before ?? noMemory(at), verdict, forMs, at);
    const told = before?.told ?? "ok";
    const state = { alert: name, service, ...memory, measured, told: silenced ? told : memory.state };
    if (!silenced) await tellState(tx, alert, state, told, { at });
    await keepState(tx, state);
  }
  for (const left of states.filter(({ service }) => !evaluated.some((one) => one.service === service))) {
    const ended = { ...left, state: "ok" as const, measured: [] };
    await tellState(tx, alert, ended, left.told, { at, text: "the service does not run" });
    await removeState(tx, name, left.service);
  }
}
