import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { segmentName } from "../../src/contract/host.ts";
import { makeSpoolGroup } from "../../src/host/spool-entry.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Db } from "../../src/kernel/db.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { recordConsumers } from "../../src/main/consumers.ts";
import { gatherThread } from "../../src/main/gather-thread.ts";
import type { GatheredPart } from "../../src/monitor/collect/gather-part.ts";
import { makeIngest } from "../../src/monitor/collect/ingest.ts";
import { readProfile, readSample, selectWindows } from "../../src/monitor/profile/rows.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { spoolFolders } from "../../src/stores/spool-folder.ts";

const program = join(import.meta.dirname, "..", "..", "dist", "gather-worker.js");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gather-thread-"));
  mkdirSync(join(folder, "spool"));
  writeFileSync(join(folder, "spool", segmentName(1)), longSpool());
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Some batches of requests to two services, with one that cannot be decoded. */
function longSpool(): Buffer {
  const group = makeSpoolGroup(1 << 24);
  for (let i = 0; i < 12_000; i += 1) {
    const told = i === 7000 ? "{" : `{"data": [[${i % 97}, "${"x".repeat(i % 5)}"], [${i / 8}, null]]}`;
    const body = Buffer.from(told + " ".repeat(600));
    const answer = Buffer.from(i % 50 === 0 ? '{"error": 1}' : "[1, 2]");
    const sizes = { bodySize: body.length, answerSize: answer.length };
    const head = {
      ...{ id: `r${i}`, service: i % 3 === 0 ? "shop" : "bank", revision: 1, image: "image", models: ["shop:1"] },
      ...{ at: 1_700_000_000_000 + i * 50, durationMs: i % 11, status: i % 50 === 0 ? 400 : 200, kept: true },
      ...{ ...sizes, bodyBytes: body.length, answerBytes: answer.length, language: "azure" as const },
      ...{ contentType: "application/json", answerType: "application/json", caller: "key:primary" },
    };
    group.add({ head, body, answer });
  }
  return group.bytes();
}

async function select(db: Db, query: string): Promise<Record<string, unknown>[]> {
  const { sql } = await import("kysely");
  const { rows } = await sql.raw(query).execute(db.tables<Record<string, never>>());
  return rows as Record<string, unknown>[];
}

async function profilesOf(db: Db): Promise<object[]> {
  const found = [];
  for (const service of ["bank", "shop"])
    for (const key of await selectWindows(db, { service, from: 0, to: 2e12 }))
      found.push({ key, profile: (await readProfile(db, key)).columns, sample: await readSample(db, key) });
  return found;
}

/** All that is in the store when the spool was taken over. */
async function takenOver(gatherElsewhere?: (database: string) => (part: Buffer) => Promise<GatheredPart>) {
  const database = join(folder, `${Math.random()}.db`);
  const { db, close } = await openSqlite(database);
  const manifest = { signature: { input: { kind: "rows", columns: 2, names: ["age", "size"] } }, engine: "onnx" };
  await db
    .tables<{ past_images: object }>()
    .insertInto("past_images")
    .values({ digest: "image", manifest: JSON.stringify(manifest) })
    .execute();
  const control = { flush: async () => {}, seen: () => Promise.reject(new Error("no host")) };
  await makeIngest({
    ...{ db, clock: systemClock, log: silentLog, spool: spoolFolders(folder, control), consumers: recordConsumers() },
    ...(gatherElsewhere === undefined ? {} : { gatherElsewhere: gatherElsewhere(database) }),
  }).catchUp();
  const found = {
    records: await select(
      db,
      "select count(*) as n, count(distinct id) as ids, max(last_sequence) as last from packed_ids, record_packs where pack = first_sequence",
    ),
    packs: (await select(db, "select * from record_packs order by first_sequence")).map(({ entries, ...pack }) => ({
      ...pack,
      entries: sha256(entries as Uint8Array),
    })),
    usage: await select(db, "select * from usage_slots order by service, minute, image, caller"),
    profiles: await profilesOf(db),
  };
  await close();
  return found;
}

test("a long spool of which a thread gathers and another writes comes to what one of them makes of it", async () => {
  const alone = await takenOver();
  expect(alone.records).toEqual([{ n: 12_000, ids: 12_000, last: 12_000 }]);
  expect(alone.profiles.length).toBeGreaterThan(4);
  let gathered = 0;
  const counting = (database: string) => {
    const gather = gatherThread(program, { database, logLevel: "silent" }, silentLog);
    return async (part: Buffer) => {
      const result = await gather(part);
      gathered += 1;
      return result;
    };
  };
  expect(await takenOver(counting)).toEqual(alone);
  expect(gathered).toBeGreaterThan(1);
});

test("a thread that dies while it gathers leaves out nothing and takes nothing twice, and is started again", async () => {
  const dying = join(folder, "dying.mjs");
  writeFileSync(
    dying,
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(1));',
  );
  const failures: string[] = [];
  const failing = () => {
    const gather = gatherThread(dying, { database: "", logLevel: "silent" }, silentLog);
    return (part: Buffer) =>
      gather(part).catch((error: Error) => {
        failures.push(error.message);
        throw error;
      });
  };
  expect(await takenOver(failing)).toEqual(await takenOver());
  expect(failures.length).toBeGreaterThan(1);
  expect(new Set(failures)).toEqual(new Set(["the thread that gathers ended"]));
});
