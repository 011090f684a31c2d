import { CompiledQuery } from "kysely";
import type { SpooledHead } from "../../../contract/host.ts";
import type { Db } from "../../../kernel/db.ts";
import type { SpooledEntry } from "../spooled-entries.ts";

interface Tables {
  spool_positions: { host: string; segment: number; position: number };
  record_sequence: { last: number };
}

export async function spoolPosition(db: Db, host: string): Promise<{ segment: number; position: number }> {
  const row = await db
    .tables<Tables>()
    .selectFrom("spool_positions")
    .select(["segment", "position"])
    .where("host", "=", host)
    .executeTakeFirst();
  return row ?? { segment: 0, position: 0 };
}

export async function setSpoolPosition(tx: Db, host: string, segment: number, position: number): Promise<void> {
  await tx
    .tables<Tables>()
    .insertInto("spool_positions")
    .values({ host, segment, position })
    .onConflict((conflict) => conflict.column("host").doUpdateSet({ segment, position }))
    .execute();
}

/** The columns of a record in the order of `insert`, each with what an entry says. */
const columns: Readonly<Record<string, (head: SpooledHead, entry: SpooledEntry) => unknown>> = {
  id: (head) => head.id,
  service: (head) => head.service,
  revision: (head) => head.revision,
  image: (head) => head.image,
  at: (head) => head.at,
  duration_ms: (head) => head.durationMs,
  status: (head) => head.status,
  body: (_, entry) => entry.body,
  body_size: (head) => head.bodySize,
  answer: (_, entry) => entry.answer,
  answer_size: (head) => head.answerSize,
  content_type: (head) => head.contentType,
  answer_type: (head) => head.answerType,
  trace_id: (head) => head.traceId ?? null,
  mirrored: (head) => (head.mirrored ? 1 : 0),
  language: (head) => head.language ?? null,
  body_json_bytes: (head) => head.bodyJsonBytes ?? null,
  answer_json_bytes: (head) => head.answerJsonBytes ?? null,
  correlation_id: (head) => head.correlationId ?? null,
  caller: (head) => head.caller ?? null,
  weight: (head) => head.weight ?? 1,
};
const names = Object.keys(columns);
const read = Object.values(columns);

/** Rows of one statement: its text is the same each time, so it is prepared once, and one call for many rows costs less than one for each. */
const together = 100;
const insertOf = (rows: number): string => {
  const places = `(${names.map(() => "?").join(",")},?)`;
  return `insert into records (${names.join(",")},sequence) values ${Array(rows).fill(places).join(",")}`;
};
const insertMany = insertOf(together);
const insertOne = insertOf(1);

/** Keeps entries as records under the next sequence numbers. */
export async function insertRecords(tx: Db, entries: readonly SpooledEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const tables = tx.tables<Tables>();
  const { last } = await tables
    .updateTable("record_sequence")
    .set((eb) => ({ last: eb("last", "+", entries.length) }))
    .returning("last")
    .executeTakeFirstOrThrow();
  const parametersOf = (start: number, end: number): unknown[] => {
    const parameters: unknown[] = [];
    for (let place = start; place < end; place += 1) {
      const entry = entries[place] as SpooledEntry;
      for (const value of read) parameters.push(value(entry.head, entry));
      parameters.push(last - entries.length + place + 1);
    }
    return parameters;
  };
  const whole = entries.length - (entries.length % together);
  for (let place = 0; place < whole; place += together)
    await tables.executeQuery(CompiledQuery.raw(insertMany, parametersOf(place, place + together)));
  for (let place = whole; place < entries.length; place += 1)
    await tables.executeQuery(CompiledQuery.raw(insertOne, parametersOf(place, place + 1)));
}
