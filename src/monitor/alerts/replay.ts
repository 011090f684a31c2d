import type { AlertReplay } from "../../contract/alerts.ts";
import type { Condition } from "./condition/condition.ts";
import { measure } from "./measure.ts";
import type { AlertPorts } from "./ports.ts";
import { noMemory, step } from "./step.ts";

const minute = 60_000;
const hour = 60 * minute;
const steps = [minute, 5 * minute, 15 * minute, hour, 6 * hour, 24 * hour];

/** Looks at a signal of each minute; what changes less often is dearer, and gets as many fewer. */
const mostLooks = 2500;
const mostChanges = 500;

/** How far apart looks at a span are, so that a replay stays a matter of seconds: never closer than the dearest of its signals changes. */
export function replayStep(
  { signals }: Pick<AlertPorts, "signals">,
  condition: Condition,
  spanMs: number,
  services: number,
): number {
  const changes = condition.comparisons.map(
    ({ signal }) => signals.find(({ name }) => name === signal)?.changesMs ?? minute,
  );
  const slowest = Math.max(...changes);
  const looks = Math.max(1, (mostLooks * minute) / slowest / Math.max(1, services));
  const wanted = Math.max(slowest, spanMs / looks);
  return steps.find((one) => one >= wanted) ?? (steps.at(-1) as number);
}

/** When a condition would have changed its state on a service, had it been looked at from `from` to `to` (epoch ms): of stored statistics, by the steps of the evaluation. */
export async function replay(
  ports: Pick<AlertPorts, "signals" | "log">,
  condition: Condition,
  service: string,
  { from, to, every }: { from: number; to: number; every: number },
): Promise<AlertReplay> {
  let memory = noMemory(from);
  let [firings, firingMs, left] = [0, 0, 0];
  const changes: AlertReplay["changes"] = [];
  for (let at = from + every; at <= to; at += every) {
    // A look at the first moment of a minute would see all of that minute.
    const { verdict, measured } = await measure(ports, condition, service, { at: at - 1, isFresh: false });
    const before = memory;
    // Looks are as far apart as they are: nothing was missed between two of them.
    memory = step(before, verdict, condition.forMs, at, Number.POSITIVE_INFINITY);
    if (before.state === "firing") firingMs += every;
    if (memory.state === before.state) continue;
    if (memory.state === "firing") firings += 1;
    if (changes.length < mostChanges) changes.push({ at, state: memory.state, measured });
    else left += 1;
  }
  return { from, to, everyMs: every, firings, firingMs, state: memory.state, changes, moreChanges: left };
}
