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

/** What each record has of its own. */
const ownNames = ["sequence", "id", "at", "duration_ms", "body", "body_size", "answer", "answer_size"];
/** What records of one client are mostly alike in. */
const sharedNames = [
  ...["service", "revision", "image", "status", "content_type", "answer_type", "trace_id", "mirrored", "language"],
  ...["body_json_bytes", "answer_json_bytes", "correlation_id", "caller", "weight"],
];

/** Adds what an entry says for `ownNames`. Written out: it is done for every record that there is. */
function addOwn(to: unknown[], sequence: number, { head, body, answer }: SpooledEntry): void {
  to.push(sequence, head.id, head.at, head.durationMs, body, head.bodySize, answer, head.answerSize);
}

/** As of an entry for `sharedNames`. */
function addShared(to: unknown[], { head }: SpooledEntry): void {
  to.push(head.service, head.revision, head.image, head.status, head.contentType, head.answerType);
  to.push(head.traceId ?? null, head.mirrored ? 1 : 0, head.language ?? null, head.bodyJsonBytes ?? null);
  to.push(head.answerJsonBytes ?? null, head.correlationId ?? null, head.caller ?? null, head.weight ?? 1);
}

const areAlike = ({ head: a }: SpooledEntry, { head: b }: SpooledEntry): boolean =>
  a.service === b.service &&
  a.revision === b.revision &&
  a.image === b.image &&
  a.status === b.status &&
  a.contentType === b.contentType &&
  a.answerType === b.answerType &&
  a.traceId === b.traceId &&
  a.mirrored === b.mirrored &&
  a.language === b.language &&
  a.bodyJsonBytes === b.bodyJsonBytes &&
  a.answerJsonBytes === b.answerJsonBytes &&
  a.correlationId === b.correlationId &&
  a.caller === b.caller &&
  a.weight === b.weight;

/** Rows of one statement: its text is the same each time, so it is prepared once, and one call for many rows costs less than one for each. */
const together = 100;
const placesOf = (columns: readonly string[]): string => `(${columns.map(() => "?").join(",")})`;
const insertOf = (rows: number): string => {
  const names = [...ownNames, ...sharedNames];
  return `insert into records (${names.join(",")}) values ${Array(rows).fill(placesOf(names)).join(",")}`;
};
const insertMany = insertOf(together);
const insertOne = insertOf(1);
/** The same of rows that are alike: half of what a row costs is to hand its values over, and these are handed over once. */
const insertAlike = `with own (${ownNames.join(",")}) as (values ${Array(together).fill(placesOf(ownNames)).join(",")}),
  shared (${sharedNames.join(",")}) as (values ${placesOf(sharedNames)})
  insert into records (${[...ownNames, ...sharedNames].join(",")}) select * from own cross join shared`;

/** Keeps entries as records under the next sequence numbers. */
export async function insertRecords(tx: Db, entries: readonly SpooledEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const tables = tx.tables<Tables>();
  const { last } = await tables
    .updateTable("record_sequence")
    .set((eb) => ({ last: eb("last", "+", entries.length) }))
    .returning("last")
    .executeTakeFirstOrThrow();
  const first = last - entries.length + 1;
  const insert = (sql: string, parameters: unknown[]) => tables.executeQuery(CompiledQuery.raw(sql, parameters));
  let place = 0;
  for (; place + together <= entries.length; place += together) {
    const some = entries.slice(place, place + together);
    const alike = some.every((entry) => areAlike(entry, some[0] as SpooledEntry));
    if (alike) await insert(insertAlike, alikeParameters(some, first + place));
    else await insert(insertMany, parametersOf(some, first + place));
  }
  for (; place < entries.length; place += 1)
    await insert(insertOne, parametersOf(entries.slice(place, place + 1), first + place));
}

function parametersOf(entries: readonly SpooledEntry[], first: number): unknown[] {
  const parameters: unknown[] = [];
  for (const [i, entry] of entries.entries()) {
    addOwn(parameters, first + i, entry);
    addShared(parameters, entry);
  }
  return parameters;
}

function alikeParameters(entries: readonly SpooledEntry[], first: number): unknown[] {
  const parameters: unknown[] = [];
  for (const [i, entry] of entries.entries()) addOwn(parameters, first + i, entry);
  addShared(parameters, entries[0] as SpooledEntry);
  return parameters;
}
