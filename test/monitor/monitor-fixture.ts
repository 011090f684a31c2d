import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { SpooledHead } from "../../src/contract/host.ts";
import { settingsSchema } from "../../src/contract/settings.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { countUsage } from "../../src/monitor/usage/count-usage.ts";
import type { DecodedRecord } from "../../src/records/decode-record.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";

const notDecoded: DecodedRecord = { inputs: null, predictions: null, reason: "not-tabular" };

/** A head as the host writes it, of an answered request for one row. */
export const headOf = (more: Partial<SpooledHead>): SpooledHead => ({
  ...{ id: "a", service: "shop", revision: 1, image: "image-1", models: ["shop:1"], at: 0, durationMs: 2, status: 200 },
  ...{ kept: false, bodySize: 10, answerSize: 3, bodyBytes: 0, answerBytes: 0, contentType: null, answerType: null },
  ...{ rows: 1, ...more },
});

/** A real database, and a clock that stands until it is moved. */
export async function openMonitor() {
  const folder = await mkdtemp(join(tmpdir(), "modelyard-monitor-"));
  const { db, close } = await openSqlite(join(folder, "modelyard.db"));
  let now = Date.UTC(2025, 10, 24, 16);
  const spool = { flush: async () => {}, sources: async () => [], dropped: async () => ({}) };
  const ports = { db, clock: { now: () => now }, log: silentLog, spool, ingest: { catchUp: async () => {} } };
  const run = (statement: string) => sql.raw(statement).execute(db.tables<Record<string, never>>());
  return {
    ports,
    now: () => now,
    advance: (ms: number) => {
      now += ms;
    },
    /** Counts requests as ingest does, in one batch; `at` is now when it is not said. */
    use: (...heads: Partial<SpooledHead>[]) =>
      db.transaction(async (tx) => {
        const { add, finish } = countUsage.gather();
        for (const head of heads) add({ head: headOf({ at: now, ...head }), decoded: () => notDecoded });
        return countUsage.write(tx, await finish(tx));
      }),
    run,
    /** A service that runs revision 1 of `image-1`. */
    deploy: async (name: string) => {
      await run(
        "insert or ignore into images (digest, build_key, input, manifest, log, created_at, created_by) values ('image-1', '1', '', '{}', '', 0, 'a')",
      );
      const settings = JSON.stringify(settingsSchema.parse({}));
      await run(
        `insert into services values ('${name}', 'running', 1, 1, 'image-1', '${settings}', 'p', 's', ${now}, ${now})`,
      );
    },
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Monitor = Awaited<ReturnType<typeof openMonitor>>;
