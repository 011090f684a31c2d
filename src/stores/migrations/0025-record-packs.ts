import { type Kysely, type Migration, sql } from "kysely";
import { crc32c } from "../../kernel/crc32c.ts";

const statements = [
  // Records of one image that came in one batch, as a host spooled them (monitor/collect/pack.ts). A batch is named by its first sequence number. The bytes
  // come last, so that the rest is read without them. statuses is ' 200 500 '; records is how many are left.
  `create table record_packs (
    first_sequence integer primary key, last_sequence integer not null, batch integer not null, service text not null,
    revision integer not null, image text not null, first_at bigint not null, last_at bigint not null, statuses text not null,
    records integer not null, entries blob not null)`,
  `create index record_packs_by_batch on record_packs (batch)`,
  `create index record_packs_by_service on record_packs (service, batch)`,
  // What a record can be asked for by: its id and what its client calls it, or its trace. A pack is named by its first sequence number, a place is that in it.
  `create table packed_ids (id text not null, pack integer not null, place integer not null, is_trace integer not null,
    primary key (id, pack, place, is_trace)) without rowid`,
];

/** As the table of records had it. */
interface Row {
  sequence: number;
  id: string;
  service: string;
  revision: number;
  image: string;
  at: number;
  duration_ms: number;
  status: number;
  body: Uint8Array;
  body_size: number;
  answer: Uint8Array;
  answer_size: number;
  content_type: string | null;
  answer_type: string | null;
  trace_id: string | null;
  mirrored: number;
  language: string | null;
  body_json_bytes: number | null;
  answer_json_bytes: number | null;
  correlation_id: string | null;
  caller: string | null;
  weight: number;
}
interface Tables {
  records: Row;
  record_packs: object;
  packed_ids: object;
}

/** New records were a row each, with four indices; taking them over is cheaper by the hundred. */
export const recordPacks: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    const tables = db as Kysely<Tables>;
    for (let after = 0; ; ) {
      const query = tables.selectFrom("records").selectAll().where("sequence", ">", after).orderBy("sequence");
      const rows = await query.limit(500).execute();
      for (const row of rows) await packRow(tables, row);
      after = rows.at(-1)?.sequence ?? 0;
      if (rows.length === 0) break;
    }
    await sql.raw(`drop table records`).execute(db);
  },
};

async function packRow(db: Kysely<Tables>, row: Row): Promise<void> {
  const { sequence, id, service, revision, image, at, status, correlation_id, trace_id } = row;
  const own = { service, revision, image, first_at: at, last_at: at, statuses: ` ${status} `, records: 1 };
  const pack = { first_sequence: sequence, last_sequence: sequence, batch: sequence, ...own, entries: entryOf(row) };
  await db.insertInto("record_packs").values(pack).execute();
  const place = { pack: sequence, place: 0 };
  const ids = [...new Set([id, correlation_id ?? id])].map((one) => ({ ...place, id: one, is_trace: 0 }));
  const trace = trace_id === null ? [] : [{ ...place, id: trace_id, is_trace: 1 }];
  await db
    .insertInto("packed_ids")
    .values([...ids, ...trace])
    .execute();
}

function entryOf(row: Row): Buffer {
  const { id, service, revision, image, at, status, weight, body, answer } = row;
  const head = {
    ...{ id, service, revision, image, models: [], at, durationMs: row.duration_ms, status, kept: true, weight },
    ...{ bodySize: row.body_size, answerSize: row.answer_size, bodyBytes: body.length, answerBytes: answer.length },
    ...{ contentType: row.content_type, answerType: row.answer_type, traceId: row.trace_id ?? undefined },
    ...{ mirrored: row.mirrored === 1, language: row.language ?? undefined },
    ...{ bodyJsonBytes: row.body_json_bytes ?? undefined, answerJsonBytes: row.answer_json_bytes ?? undefined },
    ...{ correlationId: row.correlation_id ?? undefined, caller: row.caller ?? undefined },
  };
  const bytes = Buffer.from(JSON.stringify(head));
  // its place in the batch, then the entry
  const entry = Buffer.concat([Buffer.alloc(16), bytes, body, answer]);
  entry.writeUInt32LE(entry.length - 12, 4);
  entry.writeUInt32LE(bytes.length, 12);
  entry.writeUInt32LE(crc32c(entry.subarray(12)), 8);
  return entry;
}
