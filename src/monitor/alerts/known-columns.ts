import type { Db } from "../../kernel/db.ts";
import { nearest } from "../../kernel/did-you-mean.ts";
import { findBaselinesOf } from "../baseline/find-baselines.ts";
import { runningServices } from "../monitored-services.ts";
import type { Side } from "../profile/rows.ts";
import { seenColumns } from "../profile/seen-columns.ts";
import type { Condition } from "./condition/condition.ts";
import { refuseArgument } from "./condition/refuse-argument.ts";
import type { AlertPorts } from "./ports.ts";

const mostNamed = 20;

/** The columns of a service's newest requests or answers, and of what they are compared with; none before its first request. */
async function columnsSeen(db: Db, service: string, sides: readonly Side[]): Promise<string[]> {
  const baselines = await findBaselinesOf(db, service, undefined);
  const names = new Set<string>();
  for (const side of sides) {
    const seen = await seenColumns(db, service, side);
    for (const column of seen.names) names.add(column);
    if (seen.names.length > 0) for (const column of baselines[side]?.profile.columns.keys() ?? []) names.add(column);
  }
  return [...names];
}

/**
 * Refuses a condition on a column that no service it watches has: it would wait for ever, as what is not there is not enough data. Of services without
 * requests nothing is known, and nothing refused. Throws condition-invalid.
 */
export async function mustHaveColumns(
  { db, clock, signals }: Pick<AlertPorts, "db" | "clock" | "signals">,
  { comparisons }: Condition,
  { when, service }: { when: string; service: string | null },
): Promise<void> {
  const services = service === null ? await runningServices(db, clock.now()) : [service];
  for (const { signal, argument } of comparisons) {
    const sides = signals.find(({ name }) => name === signal)?.columnsOf;
    if (argument === null || sides === undefined) continue;
    const known = new Set<string>();
    for (const one of services) for (const column of await columnsSeen(db, one, sides)) known.add(column);
    if (known.size > 0 && !known.has(argument)) refuse(when, signal, argument, [...known]);
  }
}

function refuse(when: string, signal: string, column: string, known: readonly string[]): never {
  const near = nearest(column, known);
  const rest = known.length > mostNamed ? `, … (${known.length} in all)` : "";
  const hint =
    near === undefined ? `there are ${known.slice(0, mostNamed).join(", ")}${rest}` : `did you mean ${near}?`;
  return refuseArgument(when, { signal, argument: column }, `no recent request has a column ${column}; ${hint}`);
}
