import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { asModelyardError } from "../../src/contract/known-error.ts";
import type { Db } from "../../src/kernel/db.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { mountSmallDisk } from "../faults/small-disk.ts";

interface Tables {
  tracking_tags: { owner: string; key: string; value: string };
}

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "group-commit-"));
  folders.push(folder);
  return join(folder, "modelyard.db");
}

const put = (tx: Db, owner: string, value = "") =>
  tx.tables<Tables>().insertInto("tracking_tags").values({ owner, key: "k", value }).execute();
const owners = async (db: Db) =>
  (await db.tables<Tables>().selectFrom("tracking_tags").select("owner").execute()).map((row) => row.owner).sort();

test("of transactions that run together those that succeed are kept, those that fail leave nothing, in any mix", async () => {
  const path = await newPath();
  const { db, close } = await openSqlite(path);
  const kept = new Set<string>();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("fine", "throws", "conflict"), { maxLength: 80 }), async (kinds) => {
      round += 1;
      const outcomes = await Promise.allSettled(
        kinds.map((kind, index) =>
          db.transaction(async (tx) => {
            const owner = `${round}-${index}`;
            await put(tx, owner);
            if (kind === "throws") throw new Error("changed its mind");
            if (kind === "conflict") await put(tx, owner);
            return owner;
          }),
        ),
      );
      outcomes.forEach((outcome, index) => {
        expect(outcome.status).toBe(kinds[index] === "fine" ? "fulfilled" : "rejected");
        if (outcome.status === "fulfilled") kept.add(outcome.value);
      });
      expect(await owners(db)).toEqual([...kept].sort());
    }),
    { numRuns: 30 },
  );
  await close();
  const again = await openSqlite(path);
  expect(await owners(again.db)).toEqual([...kept].sort());
  await again.close();
});

test("on a disk that fills up each of many transactions at once is kept or told that the disk is full", async (context) => {
  const disk = await mountSmallDisk(6);
  if (typeof disk === "string") return context.skip(disk);
  try {
    const path = join(disk.path, "modelyard.db");
    const spare = join(disk.path, "spare");
    await writeFile(spare, Buffer.alloc(1 << 20));
    const { db, close } = await openSqlite(path);
    const told = new Set<string>();
    const acknowledged: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) =>
          db.transaction(async (tx) => {
            await put(tx, `${round}-${index}`, "x".repeat(5000));
            return `${round}-${index}`;
          }),
        ),
      );
      for (const outcome of outcomes)
        if (outcome.status === "fulfilled") acknowledged.push(outcome.value);
        else told.add(asModelyardError(outcome.reason).code);
    }
    expect([...told]).toEqual(["disk-full"]);
    expect(await owners(db)).toEqual(acknowledged.sort());
    await rm(spare);
    await db.transaction(async (tx) => {
      await tx.tables<Tables>().deleteFrom("tracking_tags").where("owner", "like", "0-%").execute();
    });
    await close();
    const again = await openSqlite(path);
    expect(await owners(again.db)).toEqual(acknowledged.filter((owner) => !owner.startsWith("0-")));
    await again.close();
  } finally {
    await disk.remove();
  }
});

test("a transaction inside a transaction is refused and does not wait for itself", async () => {
  const { db, close } = await openSqlite(await newPath());
  await expect(db.transaction((tx) => tx.transaction(async () => {}))).rejects.toThrow("inside a transaction");
  await expect(db.transaction(async () => "goes on")).resolves.toBe("goes on");
  await close();
  await expect(db.transaction(async () => {})).rejects.toThrow();
});
