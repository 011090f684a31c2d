import { serialize } from "node:v8";
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Db } from "../../../src/kernel/db.ts";
import { decodeProfile, decodeSample } from "../../../src/monitor/profile/codec.ts";
import { makeProfiler, profileRecords, type Told } from "../../../src/monitor/profile/profile-records.ts";
import { settle } from "../../../src/monitor/profile/row-sample.ts";
import { readProfile, readSample, selectWindows } from "../../../src/monitor/profile/rows.ts";
import { noTable, rowHashes, takeTable } from "../../../src/monitor/profile/table-profile.ts";
import { windowMs } from "../../../src/monitor/profile/window.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

let monitors: Monitor[];
beforeEach(() => {
  monitors = [];
});
afterEach(() => Promise.all(monitors.map(({ close }) => close())));

async function openDb(): Promise<Db> {
  const monitor = await openMonitor();
  monitors.push(monitor);
  return monitor.ports.db;
}

const begin = 1_700_000_100_000;
const columns = ["age", "city"];

/** A record of two rows, the i-th of some that come every two seconds. */
const recordAt = (i: number, at = begin + i * 2000): Told => ({
  ...{ id: `r${i}`, service: "shop", revision: 1, models: [], at },
  tables: {
    inputs: {
      columns,
      rows: [
        [i / 8, `town ${i % 90}`],
        [i % 7 === 0 ? null : -i, true],
      ],
    },
    predictions: { columns: ["prediction"], rows: [[i % 3], [i]] },
  },
});

async function write(db: Db, profiler: ReturnType<typeof makeProfiler>, records: readonly Told[]): Promise<void> {
  const { add, finish } = profiler.gather();
  for (const record of records) add(record);
  const counted = await finish(db);
  await db.transaction((tx) => profiler.write(tx, counted));
}

interface PartRow {
  at: number;
  side: string;
  profile: Uint8Array;
  sample: Uint8Array;
}
const partsIn = (db: Db): Promise<PartRow[]> =>
  db
    .tables<{ profiles: PartRow }>()
    .selectFrom("profiles")
    .select(["at", "side", "profile", "sample"])
    .orderBy("at")
    .execute();

/** All that is known of the windows; means and second moments are rounded otherwise in other parts. */
async function told(db: Db, service = "shop"): Promise<object[]> {
  const found = [];
  for (const key of await selectWindows(db, { service, from: 0, to: 2e12 })) {
    const { rows, leftOut, columns } = await readProfile(db, key);
    const counts = [...columns].map(([name, { moments, distinct, ...more }]) => ({
      ...{ name, more, count: moments.count, min: moments.min, max: moments.max },
      ...{ limit: distinct.limit, values: [...distinct.values].sort(([a], [b]) => a - b) },
      ...{ mean: moments.mean.toPrecision(10), m2: moments.m2.toPrecision(10) },
    }));
    found.push({ key, rows, leftOut, counts, sample: await readSample(db, key) });
  }
  return found;
}

test("windows that were written in many parts, by one process after the other, are those of one pass", async () => {
  const records = Array.from({ length: 700 }, (_, i) => recordAt(i));
  const [whole, parted] = [await openDb(), await openDb()];
  await write(whole, makeProfiler(), records);
  let profiler = makeProfiler();
  let most = 0;
  for (let from = 0, size = 1; from < records.length; from += size, size = (size % 6) + 1) {
    if (from % 5 === 0) profiler = makeProfiler();
    await write(parted, profiler, records.slice(from, from + size));
    most = Math.max(most, (await partsIn(parted)).length);
  }
  expect(await told(parted)).toEqual(await told(whole));
  // of five windows and two sides: one part each, but for the two windows that are not over for long
  const last = begin + 699 * 2000;
  const old = (await partsIn(parted)).filter(({ at }) => at < Math.floor(last / windowMs - 1) * windowMs);
  expect(old.map(({ at }) => at % windowMs)).toEqual(old.map(() => 0));
  expect(most).toBeLessThan(6 + 4 * 35);
});

test("a few rows more do not write anew what a window has", async () => {
  const db = await openDb();
  const profiler = makeProfiler();
  const wide = Array.from({ length: 64 }, (_, i) => `c${i}`);
  const rowsOf = (count: number) => Array.from({ length: count }, () => wide.map(() => Math.random()));
  const one = (id: string, rows: number): Told => ({
    ...recordAt(0),
    ...{ id, tables: { inputs: { columns: wide, rows: rowsOf(rows) }, predictions: null } },
  });
  await write(db, profiler, [one("many", 1000)]);
  await write(db, profiler, [one("few", 2)]);
  const [first, second] = (await partsIn(db)).map(({ profile, sample }) => profile.length + sample.length);
  expect(second).toBeLessThan((first ?? 0) / 10);
});

test("what a transaction wrote that failed is not counted when it comes again", async () => {
  const [db, once] = [await openDb(), await openDb()];
  const records = Array.from({ length: 90 }, (_, i) => recordAt(i));
  await write(once, makeProfiler(), records);
  const profiler = makeProfiler();
  const { add, finish } = profiler.gather();
  for (const record of records.slice(0, 50)) add(record);
  const counted = await finish(db);
  const failing = db.transaction(async (tx) => {
    await profiler.write(tx, counted);
    throw new Error("the disk is full");
  });
  await expect(failing).rejects.toThrow("the disk is full");
  await write(db, profiler, records.slice(0, 50));
  await write(db, profiler, records.slice(50));
  expect(await told(db)).toEqual(await told(once));
});

test("records of many services that begin a window at once merge a few windows a batch, and all in the end", async () => {
  const db = await openDb();
  const profiler = makeProfiler();
  const services = Array.from({ length: 12 }, (_, i) => `s${i}`);
  const merged = async () => (await partsIn(db)).filter(({ at }) => at < begin + windowMs && at % windowMs > 0).length;
  const all = (i: number, at: number) => services.map((service) => ({ ...recordAt(i, at), service }));
  for (let i = 0; i < 3; i += 1) await write(db, profiler, all(i, begin + i));
  expect(await merged()).toBe(12 * 2 * 2);
  for (let i = 3; i < 12; i += 1) {
    const before = await merged();
    await write(db, profiler, all(i, begin + 3 * windowMs));
    expect(before - (await merged())).toBeLessThanOrEqual(4 * 2);
  }
  expect(await merged()).toBe(0);
});

test("profiles of the format before are read, and added to", async () => {
  const [db, all] = [await openDb(), await openDb()];
  const records = Array.from({ length: 40 }, (_, i) => recordAt(i));
  await write(all, makeProfiler(), records);
  await write(db, makeProfiler(), records.slice(0, 30));
  for (const { at, side, profile, sample } of await partsIn(db)) {
    const { sample: _, ...counts } = decodeProfile(profile);
    const before = Buffer.concat([Buffer.of(1), deflateRawSync(serialize(counts))]);
    expect(decodeSample(sample).rows.length).toBeGreaterThan(0);
    await db
      .tables<{ profiles: PartRow }>()
      .updateTable("profiles")
      .set({ profile: before })
      .where("at", "=", at)
      .where("side", "=", side)
      .execute();
  }
  await write(db, makeProfiler(), records.slice(30));
  expect(await told(db)).toEqual(await told(all));
});

test("a sample of a window in parts is no larger than one of a window in one", async () => {
  const db = await openDb();
  const profiler = makeProfiler();
  const whole = noTable();
  for (let i = 0; i < 6; i += 1) {
    const rows = Array.from({ length: 400 }, (_, row) => [i * 400 + row, "a"]);
    await write(db, profiler, [{ ...recordAt(i), tables: { inputs: { columns, rows }, predictions: null } }]);
    takeTable(whole, {}, { columns, rows }, rowHashes(`r${i}`, 400));
  }
  const [key] = await selectWindows(db, { service: "shop", from: 0, to: 2e12 });
  if (key === undefined) throw new Error("no window");
  expect(await readSample(db, key)).toEqual(settle(whole.sample));
});

test("a profile is that of an even sample: it has neither a mirror's answers nor what is kept besides the sample", async () => {
  const db = await openDb();
  const { gather, write } = profileRecords();
  const { add, finish } = gather();
  const { tables, ...told } = recordAt(0);
  for (const more of [{}, { outOfSample: true }, { mirrored: true }, { kept: false }, { weight: 10 }])
    add({ head: headOf({ ...told, kept: true, ...more }), decoded: () => ({ ...tables, reason: null }) });
  const counted = await finish(db);
  await db.transaction((tx) => write(tx, counted));
  const windows = await selectWindows(db, { service: "shop", from: 0, to: Number.MAX_SAFE_INTEGER, side: "inputs" });
  expect(windows.map(({ rows }) => rows)).toEqual([4]);
});
