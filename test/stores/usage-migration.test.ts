import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Db } from "../../src/kernel/db.ts";
import { quantileMs } from "../../src/monitor/usage/latency-histogram.ts";
import { selectUsage } from "../../src/monitor/usage/rows.ts";
import { countErrors } from "../../src/monitor/usage/usage.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { usageAlerts } from "../../src/stores/migrations/0012-usage-alerts.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-migration-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (db: Db, statement: string) => sql.raw(statement).execute(db.tables<Record<string, never>>());

test("usage from before there were callers is told as it was", async () => {
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  for (const table of ["usage_slots", "alert_states", "alerts"]) await run(db, `drop table ${table}`);
  await run(db, "drop index record_models_by_model");
  await run(
    db,
    `create table usage_minutes (
      service text not null, revision integer not null, image text not null, minute bigint not null,
      requests integer not null, errors integer not null, latencies text not null,
      first_at bigint not null, last_at bigint not null, primary key (service, revision, image, minute))`,
  );
  await run(db, `insert into usage_minutes values ('shop', 1, 'i', 100, 3, 1, '{"36":2,"81":1}', 6000000, 6000900)`);
  await run(db, `insert into usage_minutes values ('shop', 1, 'i', 101, 1, 0, '{"36":1}', 6060000, 6060000)`);
  await usageAlerts.up(db.tables());

  const slots = await selectUsage(db, "shop", 0);
  expect(slots).toMatchObject([
    { minute: 100, span: 1, caller: "", requests: 3, rows: 0, firstAt: 6_000_000, lastAt: 6_000_900 },
    { minute: 101, requests: 1 },
  ]);
  expect(slots.map((slot) => countErrors(slot))).toEqual([1, 0]);
  expect(quantileMs(slots[0]?.latencies ?? new Map(), 1)).toBeCloseTo(1.02 ** 81, 0);
  await close();
});
