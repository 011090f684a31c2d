import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Db } from "../../src/kernel/db.ts";
import { freshAfter } from "../../src/monitor/collect/fresh-records.ts";
import { idsInPacks } from "../../src/monitor/collect/rows/packs.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { recordPacks } from "../../src/stores/migrations/0025-record-packs.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-migration-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (db: Db, statement: string) => sql.raw(statement).execute(db.tables<Record<string, never>>());

test("records from before there were packs are as they were", async () => {
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  for (const table of ["record_packs", "packed_ids"]) await run(db, `drop table ${table}`);
  await run(
    db,
    `create table records (
      id text not null, service text not null, revision integer not null, image text not null, at bigint not null,
      duration_ms real not null, status integer not null, body blob not null, body_size bigint not null,
      answer blob not null, answer_size bigint not null, content_type text, answer_type text, sequence integer primary key,
      trace_id text, mirrored integer not null default 0, language text, body_json_bytes integer, answer_json_bytes integer,
      correlation_id text, caller text, weight real not null default 1)`,
  );
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const bare = { trace_id: null, mirrored: 0, language: null, body_json_bytes: null, answer_json_bytes: null };
  const plain = {
    ...{
      id: "é-1",
      service: "shop",
      revision: 2,
      image: "image",
      at: 1_700_000_000_000,
      duration_ms: 1.25,
      status: 200,
    },
    ...{ body: new Uint8Array([0, 255, 10]), body_size: 9, answer: new Uint8Array(0), answer_size: 0 },
    ...{ content_type: null, answer_type: null, sequence: 4, ...bare, correlation_id: null, caller: null, weight: 1 },
  };
  const full = {
    ...plain,
    ...{ id: "b", sequence: 9, status: 503, trace_id: trace, mirrored: 1, language: "azure" as const },
    ...{ body_json_bytes: 2, answer_json_bytes: 3, correlation_id: "order", caller: "key:primary", weight: 2.5 },
    ...{ content_type: "application/json", answer_type: "text/plain" },
  };
  const tables = db.tables<{ records: typeof full | typeof plain }>();
  await tables.insertInto("records").values([plain, full]).execute();
  await recordPacks.up(db.tables());

  expect(await freshAfter(db, {}, 0, 10)).toEqual(
    [plain, full].map((row) => ({ ...row, out_of_sample: 0, models: [] })),
  );
  expect((await freshAfter(db, { traceId: trace }, 0, 10)).map(({ id }) => id)).toEqual(["b"]);
  expect((await freshAfter(db, { status: "5xx" }, 0, 10)).map(({ id }) => id)).toEqual(["b"]);
  expect(await idsInPacks(db, "shop", ["é-1", "order", "b", trace])).toEqual(new Set(["é-1", "order", "b"]));
  await close();
});
