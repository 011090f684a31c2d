import { CompiledQuery } from "kysely";
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

const names = [
  ...["sequence", "id", "service", "revision", "image", "at", "duration_ms", "status", "body", "body_size"],
  ...["answer", "answer_size", "content_type", "answer_type", "trace_id", "mirrored", "language"],
  ...["body_json_bytes", "answer_json_bytes", "correlation_id", "caller", "weight"],
];

/** Adds what an entry says for the columns of `names`. Written out: it is done for every record that there is. */
function addValues(to: unknown[], sequence: number, { head, body, answer }: SpooledEntry): void {
  to.push(sequence, head.id, head.service, head.revision, head.image, head.at, head.durationMs, head.status);
  to.push(body, head.bodySize, answer, head.answerSize, head.contentType, head.answerType, head.traceId ?? null);
  to.push(head.mirrored ? 1 : 0, head.language ?? null, head.bodyJsonBytes ?? null, head.answerJsonBytes ?? null);
  to.push(head.correlationId ?? null, head.caller ?? null, head.weight ?? 1);
}

/** Rows of one statement: its text is the same each time, so it is prepared once, and one call for many rows costs less than one for each. */
const together = 100;
const insertOf = (rows: number): string => {
  const places = `(${names.map(() => "?").join(",")})`;
  return `insert into records (${names.join(",")}) values ${Array(rows).fill(places).join(",")}`;
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
    for (let place = start; place < end; place += 1)
      addValues(parameters, last - entries.length + place + 1, entries[place] as SpooledEntry);
    return parameters;
  };
  const whole = entries.length - (entries.length % together);
  for (let place = 0; place < whole; place += together)
    await tables.executeQuery(CompiledQuery.raw(insertMany, parametersOf(place, place + together)));
  for (let place = whole; place < entries.length; place += 1)
    await tables.executeQuery(CompiledQuery.raw(insertOne, parametersOf(place, place + 1)));
}
