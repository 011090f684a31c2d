import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Context, operations } from "../../src/contract/operations.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Db } from "../../src/kernel/db.ts";
import type { Ingest } from "../../src/monitor/collect/ingest.ts";
import { createDataset } from "../../src/monitor/datasets/create-dataset.ts";
import { downloadDataset } from "../../src/monitor/datasets/download-dataset.ts";
import { getDataset } from "../../src/monitor/datasets/get-dataset.ts";
import { markErased, removeErasedBytes } from "../../src/monitor/datasets/mark-erased.ts";
import type { DatasetPorts } from "../../src/monitor/datasets/ports.ts";
import { rebuildDataset } from "../../src/monitor/datasets/rebuild-dataset.ts";
import type { CollectedRecord } from "../../src/monitor/labels/collected.ts";
import { collectGarbage } from "../../src/register/collect-garbage.ts";
import { fsBlobStore } from "../../src/stores/blobs/fs.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { codeOf } from "../refusals.ts";

const folder = mkdtempSync(join(tmpdir(), "modelyard-erased-"));
const at = Date.now() - 60_000;
let kept: CollectedRecord[] = Array.from({ length: 20 }, (_, i) => ({
  ...{ id: `r${i}`, correlationId: `r${i}`, service: "shop", revision: 1, models: ["m:1"], at: at + i, status: 200 },
  ...{ mirrored: false, weight: 1, reason: null, predictions: { columns: ["prediction"], rows: [[1]] } },
  inputs: { columns: ["x0"], rows: [[i]] },
}));
/** What happens between the reading of records and the end of a build. */
let meanwhile = async (): Promise<void> => {};
let db: Db;
let ports: DatasetPorts;
let close = async (): Promise<void> => {};
const blobs = fsBlobStore(join(folder, "blobs"));
beforeAll(async () => {
  const opened = await openSqlite(join(folder, "modelyard.db"));
  ({ db, close } = opened);
  await db
    .tables<{ usage_slots: Record<string, unknown> }>()
    .insertInto("usage_slots")
    .values({
      ...{ service: "shop", minute: 0, span: 1, revision: 1, image: "", caller: "", requests: 1, answered_rows: 1 },
      ...{ errors: "{}", bytes_in: 0, bytes_out: 0, latencies: new Uint8Array(0), first_at: 0, last_at: 0 },
    })
    .execute();
  async function* readRecords() {
    yield* [...kept];
    await meanwhile();
  }
  const ingest: Ingest = { catchUp: async () => {} } as Ingest;
  ports = { db, blobs, clock: systemClock, ingest, readRecords, sortFolder: join(folder, "sorting") };
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const context = { actor: { id: "1", name: "tester", role: "admin" }, progress: () => {} } as unknown as Context;
const create = (name: string) =>
  createDataset(ports)(operations.createDataset.input.parse({ name, service: "shop", since: "1h" }), context);
const erase = (...ids: string[]) =>
  db.transaction(async (tx) => {
    kept = kept.filter(({ id }) => !ids.includes(id));
    return markErased(tx, { service: "shop", ids }, { by: "tester", at: Date.now() });
  });

test("a data set that held an erased record is erased with its bytes, and is built again under a new digest", async () => {
  const first = await create("set");
  expect(await erase("r3", "unknown")).toEqual([first.reference]);
  expect(await erase("r3")).toEqual([]);
  expect(existsSync(blobs.pathOf(first.digest))).toBe(true);
  await removeErasedBytes({ db, blobs });
  expect(existsSync(blobs.pathOf(first.digest))).toBe(false);
  expect(await getDataset(ports)({ name: "set" }, context)).toMatchObject({ state: "erased", rows: 20 });
  expect(await codeOf(downloadDataset(ports)({ name: "set" }, context))).toBe("dataset-erased");
  const again = await rebuildDataset(ports)({ name: "set" }, context);
  expect(again).toMatchObject({ created: true, state: "ready", rows: 19, rebuiltFrom: first.digest });
  expect(again.digest).not.toBe(first.digest);
});

test("an erasure in the middle of a build is not missed", async () => {
  let times = 0;
  meanwhile = async () => {
    times += 1;
    if (times === 1) await erase("r5");
  };
  expect(await create("hasty")).toMatchObject({ rows: 18, state: "ready" });
  expect(times).toBe(2);
  meanwhile = async () => {};
});

test("the bytes of a data set are kept as long as it is", async () => {
  const { digest } = await create("lasting");
  const weeksLater = { now: () => Date.now() + 14 * 86_400_000 };
  await collectGarbage({ db, blobs, clock: weeksLater });
  expect(existsSync(blobs.pathOf(digest))).toBe(true);
});
