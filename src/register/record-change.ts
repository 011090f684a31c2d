import type { EventType } from "../contract/events.ts";
import type { Db } from "../kernel/db.ts";
import { emit } from "../kernel/outbox.ts";
import { appendHistory } from "./rows/history.ts";

export interface Change {
  type: EventType;
  name: string;
  version?: number;
  /** What changed; part of the history entry and of the event. */
  data: object;
}

/** Writes a change into the history of its model and into the outbox, in the transaction of the change. */
export async function recordChange(
  tx: Db,
  { type, name, version, data }: Change,
  { by, at }: { by: string; at: number },
): Promise<void> {
  const action = type.replace(/^modelyard\./, "");
  await appendHistory(tx, [{ name, version, at, by, action, detail: data }]);
  const subject = version === undefined ? `models/${name}` : `models/${name}/versions/${version}`;
  await emit(tx, {
    type,
    subject,
    data: version === undefined ? { name, ...data } : { name, version, ...data },
    actor: by,
    at,
  });
}
