import type { EventType } from "../contract/events.ts";
import type { Db } from "./db.ts";
import { uuid7 } from "./ids.ts";

/** Something that happened, as the room that did it tells it. */
export interface NewEvent {
  type: EventType;
  /** What it happened to: `models/<name>`, `models/<name>/versions/<n>`, `services/<name>`, `tokens/<id>`, `images/<digest>`, `webhooks/<id>`, `alerts/<name>`, `datasets/<name>`. */
  subject: string;
  data: object;
  /** Name of the token that asked for it. */
  actor: string;
  /** Milliseconds since the epoch. */
  at: number;
}

interface Tables {
  events: {
    id: string;
    type: string;
    subject: string;
    stream: string;
    at: number;
    actor: string;
    data: string;
  };
}

/** Events of one stream are delivered in their order: those of a model with its versions, of a service, of an alert, of a token. */
const streamOf = (subject: string): string => subject.split("/").slice(0, 2).join("/");

/** Writes an event inside the transaction of the change it tells of: both are kept, or neither. Never put a secret into `data`. */
export async function emit(tx: Db, { type, subject, data, actor, at }: NewEvent): Promise<void> {
  const row = { id: uuid7(at), type, subject, stream: streamOf(subject), at, actor, data: JSON.stringify(data) };
  await tx.tables<Tables>().insertInto("events").values(row).execute();
}
