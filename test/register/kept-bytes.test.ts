import { existsSync, utimesSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { Db } from "../../src/kernel/db.ts";
import { trainingRows } from "../../src/monitor/baseline/training-rows.ts";
import { collectGarbage } from "../../src/register/collect-garbage.ts";
import { checkFiles } from "../../src/register/files.ts";
import { findBlob } from "../../src/register/find-blob.ts";
import type { BlobStore } from "../../src/register/ports.ts";
import { registerModel } from "../../src/register/register-model.ts";
import { fsBlobStore } from "../../src/stores/blobs/fs.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { context } from "../events/outbox-fixture.ts";

let folder: string;
let blobs: BlobStore;
let db: Db;
let close: () => Promise<void>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelyard-garbage-"));
  blobs = fsBlobStore(join(folder, "blobs"));
  ({ db, close } = await openSqlite(join(folder, "modelyard.db")));
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const hour = 3_600_000;
/** A blob that was uploaded some hours ago. */
async function uploaded(text: string, hoursAgo: number): Promise<string> {
  const { digest } = await blobs.put([Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>);
  const at = new Date(Date.now() - hoursAgo * hour);
  utimesSync(blobs.pathOf(digest), at, at);
  return digest;
}
const stands = (digest: string) => existsSync(blobs.pathOf(digest));
const collect = () => collectGarbage({ db, blobs, clock: systemClock });

test("bytes that nothing names go a day after their upload, and those that a version names stay", async () => {
  const named = await uploaded("named", 200);
  const input = { name: "m", files: [{ path: "m.bin", digest: named, size: 5 }] };
  const datasets = { pin: async (_: unknown, reference: string) => reference };
  await registerModel({ db, blobs, clock: systemClock, datasets, training: trainingRows({ blobs }) })(
    operations.registerModel.input.parse(input),
    context,
  );
  utimesSync(blobs.pathOf(named), 0, 0);
  const [old, young] = [await uploaded("old", 25), await uploaded("young", 23)];
  expect(await collect()).toBe(1);
  expect([stands(named), stands(old), stands(young)]).toEqual([true, false, true]);
});

test("bytes that somebody asked for, or is about to register, are kept another day", async () => {
  const [asked, checked] = [await uploaded("asked", 900), await uploaded("checked", 900)];
  await findBlob({ blobs })({ digest: asked }, context);
  await checkFiles(blobs, [{ path: "m.bin", digest: checked, size: 7 }]);
  expect(await collect()).toBe(0);
  expect([stands(asked), stands(checked)]).toEqual([true, true]);
});

test("bytes that are renewed between the look and the removal are not removed", async () => {
  const digest = await uploaded("late", 900);
  const slow: BlobStore = {
    ...blobs,
    remove: async (one, unlessSince) => {
      await blobs.renew(one);
      return blobs.remove(one, unlessSince);
    },
  };
  expect(await collectGarbage({ db, blobs: slow, clock: systemClock })).toBe(0);
  expect(stands(digest)).toBe(true);
});
