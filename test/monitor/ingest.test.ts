import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SpooledHead, segmentName } from "../../src/contract/host.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { crc32c } from "../../src/kernel/crc32c.ts";
import type { Db } from "../../src/kernel/db.ts";
import { makeLog } from "../../src/kernel/log.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import type { RecordConsumer } from "../../src/monitor/collect/consumer.ts";
import { newestFresh } from "../../src/monitor/collect/fresh-records.ts";
import { makeIngest } from "../../src/monitor/collect/ingest.ts";
import { selectDrops } from "../../src/monitor/collect/rows/drops.ts";
import { openSqlite } from "../../src/stores/db/sqlite.ts";
import { parquetFolder } from "../../src/stores/record-files/parquet.ts";
import { spoolFolders } from "../../src/stores/spool-folder.ts";

let folder: string;
let spool: string;
let db: Db;
let close: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ingest-"));
  spool = join(folder, "spool");
  mkdirSync(spool);
  ({ db, close } = await openSqlite(join(folder, "modelyard.db")));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const headOf = (id: string, bodyBytes: number): SpooledHead => ({
  ...{ id, service: "digits", revision: 1, image: "i", models: [], at: 1, durationMs: 1, status: 200, kept: true },
  ...{ bodySize: bodyBytes, answerSize: 0, bodyBytes, answerBytes: 0, contentType: null, answerType: null },
});

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
/** By the format in contract/host.ts, as no host writes some of these heads. */
function entry(id: string, body = Buffer.from("body"), head: object = headOf(id, body.length)): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const content = Buffer.concat([u32(text.length), text, body]);
  return Buffer.concat([u32(content.length), u32(crc32c(content)), content]);
}
const damaged = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
};
const write = (segment: number, ...parts: Buffer[]) =>
  writeFileSync(join(spool, segmentName(segment)), Buffer.concat(parts));

async function ingest(
  consumers: RecordConsumer[] = [],
  spool = spoolFolders(folder, { flush: async () => {} }),
): Promise<string[]> {
  const ports = {
    db,
    clock: systemClock,
    log: makeLog("test", "silent"),
    spool,
    files: parquetFolder(join(folder, "records")),
    consumers,
  };
  await makeIngest(ports).catchUp();
  const records = await newestFresh(db, {}, 100, Number.POSITIVE_INFINITY);
  return records.map(({ id }) => id).reverse();
}

describe("a damaged spool", () => {
  it.each([
    ["its checksum", 4],
    ["its length", 3],
    ["its head", 20],
    ["its body", -2],
  ])("in the middle of a segment, at %s, stops nothing: what is behind it comes in, and the gap is counted", async (_, at) => {
    const hit = entry("hit");
    write(1, entry("a"), damaged(hit, at < 0 ? hit.length + at : at), entry("b"), entry("c"));
    expect(await ingest()).toEqual(["a", "b", "c"]);
    expect(await selectDrops(db)).toEqual({ damaged: 1 });
    expect(await ingest()).toEqual(["a", "b", "c"]);
  });

  it("with a torn tail is left alone while it is written, and counted when a new segment began", async () => {
    const torn = entry("torn");
    write(1, entry("a"), torn.subarray(0, 30));
    expect(await ingest()).toEqual(["a"]);
    expect(await selectDrops(db)).toEqual({});
    appendFileSync(join(spool, segmentName(1)), torn.subarray(30));
    expect(await ingest()).toEqual(["a", "torn"]);
    appendFileSync(join(spool, segmentName(1)), torn.subarray(0, 30));
    write(2, entry("b"));
    expect(await ingest()).toEqual(["a", "torn", "b"]);
    expect(await selectDrops(db)).toEqual({ torn: 1 });
    expect(readdirSync(spool)).toEqual([segmentName(2)]);
  });

  it("has heads that say nothing passed over and counted", async () => {
    write(1, entry("a"), entry("x", Buffer.from("body"), { id: 7 }), entry("b"), entry("y", Buffer.alloc(0), []));
    expect(await ingest()).toEqual(["a", "b"]);
    expect(await selectDrops(db)).toEqual({ unreadable: 2 });
  });

  it("that is nothing but noise is passed over", async () => {
    write(1, Buffer.alloc(100_000, '{"'));
    write(2, entry("a"));
    expect(await ingest()).toEqual(["a"]);
    expect(readFileSync(join(spool, segmentName(2))).length).toBeGreaterThan(0);
  });
});

describe("what a host left behind in a folder that it no longer writes to", () => {
  const front = (number: number) => join("fronts", String(number));
  const lay = (place: string, ...parts: Buffer[]) => {
    mkdirSync(join(folder, place, "spool"), { recursive: true });
    writeFileSync(join(folder, place, "spool", segmentName(1)), Buffer.concat(parts));
  };
  const lived = { pid: process.pid, startTime: processStartTime(process.pid) };
  const died = { pid: process.pid, startTime: 1 };
  const tell = (name: string, content: object) => writeFileSync(join(folder, name), JSON.stringify(content));
  const bytesLeft = (place: string) =>
    readdirSync(join(folder, place, "spool")).reduce(
      (sum, name) => sum + readFileSync(join(folder, place, "spool", name)).length,
      0,
    );

  it.each([
    ["one process, after one of fronts", {}, [front(1), front(2)], "."],
    ["two fronts, after one process and after more fronts", { fronts: 2 }, [".", front(3)], front(2)],
  ])("is taken over whole, and none of its bytes stay, when the host is %s", async (_, more, left, used) => {
    for (const place of [...left, used]) lay(place, entry(place));
    tell("host.json", { ...lived, ...more });
    const expected = [...left, used].sort();
    for (const _pass of [1, 2]) {
      expect((await ingest()).sort()).toEqual(expected);
      for (const place of left) expect(bytesLeft(place)).toBe(0);
      expect(bytesLeft(used)).toBeGreaterThan(0);
    }
    // a clock that was set back must not give a later segment a number that is taken for an old one
    expect(readdirSync(join(folder, left[0] as string, "spool"))).toEqual([segmentName(1)]);
  });

  it("has its torn tail counted, and what comes into a later segment taken as ever", async () => {
    lay(front(1), entry("a"), entry("torn").subarray(0, 30));
    tell("host.json", lived);
    expect(await ingest()).toEqual(["a"]);
    expect(await selectDrops(db)).toEqual({ torn: 1 });
    tell("host.json", { ...lived, fronts: 1 });
    writeFileSync(join(folder, front(1), "spool", segmentName(2)), entry("b"));
    expect(await ingest()).toEqual(["a", "b"]);
    expect(readdirSync(join(folder, front(1), "spool"))).toEqual([segmentName(2)]);
  });

  it.each([
    ["no host runs", died, undefined],
    ["a front of a host that was killed still does", lived, lived],
  ])("stays while %s: it may be added to", async (_, host, holder) => {
    lay(front(1), entry("a"));
    tell("host.json", host);
    if (holder !== undefined) tell(join(front(1), "host.lock"), holder);
    expect(await ingest()).toEqual(["a"]);
    expect(bytesLeft(front(1))).toBeGreaterThan(0);
  });

  it("of which a segment is begun after the look at the folder loses nothing", async () => {
    lay(front(1), entry("a"));
    tell("host.json", lived);
    const spools = spoolFolders(folder, { flush: async () => {} });
    const later = entry("later");
    const sources = async () =>
      (await spools.sources()).map((source) => ({
        ...source,
        isLeft: async () => {
          if (source.host === "local front 1")
            writeFileSync(join(folder, front(1), "spool", segmentName(2)), later.subarray(0, 30));
          return source.isLeft();
        },
      }));
    expect(await ingest([], { ...spools, sources })).toEqual(["a"]);
    tell("host.json", { ...lived, fronts: 1 });
    appendFileSync(join(folder, front(1), "spool", segmentName(2)), later.subarray(30));
    expect(await ingest()).toEqual(["a", "later"]);
  });
});

describe("records of a batch", () => {
  it.each([
    ["alike but for what each has of its own", () => ({})],
    ["of two services in turn", (i: number) => ({ service: `s${i % 2}` })],
    ["one of which is another's in the middle of a hundred", (i: number) => (i === 150 ? { caller: "token:1" } : {})],
  ])("%s are kept as their heads say", async (_, other) => {
    const heads = Array.from({ length: 230 }, (_, i) => ({
      ...headOf(`r${i}`, 4),
      ...{
        at: 1000 + i,
        durationMs: i / 8,
        caller: "key:primary",
        language: "azure" as const,
        weight: 1 + (i > 199 ? 1 : 0),
      },
      ...other(i),
    }));
    write(1, ...heads.map((head, i) => entry(head.id, Buffer.from(`b${String(i).padStart(3, "0")}`), head)));
    await ingest();
    const kept = (await newestFresh(db, {}, 300, Number.POSITIVE_INFINITY)).reverse();
    expect(
      kept.map(({ id, service, at, duration_ms, caller, language, weight, body }) => ({
        ...{ id, service, at, durationMs: duration_ms, caller, language, weight, body: Buffer.from(body).toString() },
      })),
    ).toEqual(
      heads.map(({ id, service, at, durationMs, caller, language, weight }, i) => ({
        ...{ id, service, at, durationMs, caller, language, weight, body: `b${String(i).padStart(3, "0")}` },
      })),
    );
    expect(kept.map(({ sequence }) => sequence)).toEqual(heads.map((_, i) => i + 1));
  });
});

describe("a consumer that fails at one record", () => {
  it.each([
    [
      "by a bug",
      () => {
        throw new TypeError("no such thing");
      },
    ],
    [
      "by a statement",
      (tx: Db) => tx.tables<{ records: { id: null } }>().insertInto("records").values({ id: null }).execute(),
    ],
  ])("%s holds up nothing: the record is kept, and the others are taken once", async (_, fail) => {
    const taken: string[] = [];
    const consumer: RecordConsumer<string[]> = {
      gather: () => {
        const ids: string[] = [];
        return {
          add: ({ head }) => {
            if (head.id === "worse") throw new TypeError("no such thing");
            ids.push(head.id);
          },
          finish: async () => ids,
        };
      },
      write: async (tx, ids) => {
        if (ids.includes("bad")) await fail(tx);
        taken.push(...ids);
      },
    };
    write(1, ...["a", "b", "bad", "worse", "c", "d"].map((id) => entry(id)));
    expect(await ingest([consumer])).toEqual(["a", "b", "bad", "worse", "c", "d"]);
    expect(taken).toEqual(["a", "b", "c", "d"]);
  });
});
