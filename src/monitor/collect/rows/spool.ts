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

/** What an entry says for `sharedNames`. */
function sharedOf({ head }: SpooledEntry): unknown[] {
  const { service, revision, image, status, contentType, answerType, traceId = null, mirrored, language = null } = head;
  const { bodyJsonBytes = null, answerJsonBytes = null, correlationId = null, caller = null, weight = 1 } = head;
  const kind = [service, revision, image, status, contentType, answerType, traceId, mirrored ? 1 : 0, language];
  kind.push(bodyJsonBytes, answerJsonBytes, correlationId, caller, weight);
  return kind;
}

type Rows = readonly (readonly unknown[])[];

const areAlike = (rows: Rows): boolean => rows.every((row) => row.every((value, i) => value === rows[0]?.[i]));

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
    const shared = some.map(sharedOf);
    const alike = areAlike(shared);
    await insert(alike ? insertAlike : insertMany, parametersOf(some, first + place, shared, alike));
  }
  for (; place < entries.length; place += 1) {
    const one = entries.slice(place, place + 1);
    await insert(insertOne, parametersOf(one, first + place, one.map(sharedOf), true));
  }
}

/** Of entries that are alike, what they share stands once behind them all, else behind each. */
function parametersOf(entries: readonly SpooledEntry[], first: number, shared: Rows, alike: boolean): unknown[] {
  const parameters: unknown[] = [];
  for (const [i, entry] of entries.entries()) {
    addOwn(parameters, first + i, entry);
    if (!alike) parameters.push(...(shared[i] ?? []));
  }
  if (alike) parameters.push(...(shared[0] ?? []));
  return parameters;
}
