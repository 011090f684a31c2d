import { pbkdf2 } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SpooledHead, segmentName } from "../../src/contract/host.ts";
import { settleLeftSpools } from "../../src/host/left-spools.ts";
import { inSample } from "../../src/host/record.ts";
import { openSpool, type Spool, spoolLimits, spoolPlaceOf } from "../../src/host/spool.ts";
import { crc32c } from "../../src/kernel/crc32c.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { control, makeFolder, scriptRevision, service, startTestHost } from "./host-fixture.ts";

interface Entry {
  head: SpooledHead;
  body: string;
  answer: string;
}

/** Reads a segment as contract/host.ts describes it, up to a torn tail. */
function readSegment(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(offset);
    const content = bytes.subarray(offset + 8, offset + 8 + length);
    if (content.length < length || crc32c(content) !== bytes.readUInt32LE(offset + 4)) break;
    const headEnd = 4 + content.readUInt32LE(0);
    const head = JSON.parse(content.toString("utf8", 4, headEnd)) as SpooledHead;
    const bodyEnd = headEnd + head.bodyBytes;
    entries.push({ head, body: content.toString("utf8", headEnd, bodyEnd), answer: content.toString("utf8", bodyEnd) });
    offset += 8 + length;
  }
  return entries;
}

function readSpool(folder: string): Entry[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readSegment(readFileSync(join(folder, name))));
}

const head = (id: string, body: string): SpooledHead => ({
  id,
  service: "shop",
  revision: 1,
  image: "i",
  models: [],
  at: 1,
  durationMs: 1,
  status: 200,
  kept: true,
  bodySize: body.length,
  answerSize: 2,
  bodyBytes: body.length,
  answerBytes: 2,
  contentType: null,
  answerType: null,
});
const record = (id: string, body = "body") => ({
  head: head(id, body),
  body: Buffer.from(body),
  answer: Buffer.from("ok"),
});

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close();
  folder.remove();
});
const clock = { now: () => 1_000 };
const opened: Spool[] = [];
function open(limits = {}): Spool {
  const spool = openSpool(
    { folder: join(folder.path, "spool"), memory: folder.path },
    { ...spoolLimits, ...limits },
    clock,
    silentLog,
  );
  opened.push(spool);
  return spool;
}

describe("the spool", () => {
  it("gives back what was appended, in order, and a torn tail costs only the last entry", async () => {
    const spool = open();
    for (let count = 0; count < 500; count += 1) spool.append(() => record(`id-${count}`));
    await spool.flush();
    const [name = ""] = readdirSync(join(folder.path, "spool"));
    expect(name).toBe(segmentName(1_000));
    const bytes = readFileSync(join(folder.path, "spool", name));
    expect(readSegment(bytes).map((entry) => entry.head.id)).toEqual(Array.from({ length: 500 }, (_, i) => `id-${i}`));
    expect(readSegment(bytes.subarray(0, bytes.length - 1)).length).toBe(499);
    expect(readSegment(bytes)[0]).toMatchObject({ body: "body", answer: "ok" });
  });

  it("writes by itself within moments", async () => {
    open().append(() => record("a"));
    await expect.poll(() => readSpool(join(folder.path, "spool")).length).toBe(1);
  });

  it("is done flushing what was there although more keeps coming, and syncs what comes in groups", async () => {
    const spool = open({ groupMs: 60_000, groupBytes: 8 * 1024 * 1024 });
    let flushing = true;
    let count = 0;
    const load = () => {
      if (!flushing) return;
      spool.append(() => record(`id-${count++}`));
      setImmediate(load);
    };
    load();
    spool.append(() => record("first"));
    await spool.flush();
    flushing = false;
    // nobody asked for what came since: it waits for its group
    const ids = readSpool(join(folder.path, "spool")).map((entry) => entry.head.id);
    expect(ids).toContain("first");
    expect(ids.length).toBeLessThan(count + 1);
  });

  it("writes what waits in a few turns of the event loop, as each turn of a busy host brings many groups", async () => {
    const spool = open({ groupBytes: 10_000, segmentBytes: 1_000_000 });
    const count = 600;
    for (let id = 0; id < count; id += 1) spool.append(() => record(`id-${id}`, "x".repeat(9_000)));
    let turns = 0;
    let busy = true;
    const turn = () => {
      turns += 1;
      for (const end = performance.now() + 5; performance.now() < end; );
      if (busy) setImmediate(turn);
    };
    setImmediate(turn);
    await spool.flush();
    busy = false;
    expect(turns).toBeLessThan(count / 2);
    const ids = readSpool(join(folder.path, "spool")).map((entry) => entry.head.id);
    expect(ids).toEqual(Array.from({ length: count }, (_, id) => `id-${id}`));
    expect(readdirSync(join(folder.path, "spool")).length).toBeGreaterThan(4);
  });

  it("keeps of many groups those that there is room for", async () => {
    const spool = open({ groupBytes: 1_000, totalBytes: 10_000 });
    for (let id = 0; id < 20; id += 1) spool.append(() => record(`id-${id}`, "x".repeat(900)));
    await spool.flush();
    const ids = readSpool(join(folder.path, "spool")).map((entry) => entry.head.id);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, id) => `id-${id}`));
    expect(ids.length).toBeGreaterThan(5);
    expect(spool.dropped()).toEqual({ "spool-full": 20 - ids.length });
  });

  it("counts a record that cannot be made and keeps the others", async () => {
    const spool = open();
    spool.append(() => {
      throw new Error("unreadable");
    });
    spool.append(() => record("kept"));
    await spool.flush();
    expect(spool.dropped()).toEqual({ "not-made": 1 });
    expect(readSpool(join(folder.path, "spool")).map((entry) => entry.head.id)).toEqual(["kept"]);
  });

  it("never appends to a segment of an earlier run, even when the clock stands still", async () => {
    for (let run = 0; run < 3; run += 1) {
      const spool = open();
      spool.append(() => record(`run-${run}`));
      await spool.flush();
    }
    const names = readdirSync(join(folder.path, "spool")).sort();
    expect(names).toEqual([segmentName(1_000), segmentName(1_001), segmentName(1_002)]);
  });

  it("begins a segment when it opens behind one with records, so that the server can remove that; else none", async () => {
    const names = () => readdirSync(join(folder.path, "spool")).sort();
    for (let run = 0; run < 3; run += 1) {
      const spool = open();
      if (run === 0) spool.append(() => record("a"));
      await spool.flush();
      expect(names()).toEqual([segmentName(1_000), segmentName(1_001)].slice(0, run + 1));
    }
  });

  it("begins a new segment when one is full", async () => {
    const spool = open({ segmentBytes: 2_000 });
    for (let count = 0; count < 10; count += 1) {
      spool.append(() => record(`id-${count}`, "x".repeat(500)));
      await spool.flush();
    }
    expect(readdirSync(join(folder.path, "spool")).length).toBeGreaterThan(3);
    expect(readSpool(join(folder.path, "spool")).length).toBe(10);
  });

  it("keeps what comes while a new segment is begun", async () => {
    const spool = open();
    const count = { appended: 0 };
    let done = false;
    const load = () => {
      if (done) return;
      spool.append(() => record(`id-${count.appended++}`));
      setImmediate(load);
    };
    load();
    for (let turn = 0; turn < 20; turn += 1) await spool.rotate();
    done = true;
    await spool.flush();
    expect(spool.dropped()).toEqual({});
    const ids = readSpool(join(folder.path, "spool")).map((entry) => entry.head.id);
    expect(ids).toEqual(Array.from({ length: count.appended }, (_, id) => `id-${id}`));
    expect(readdirSync(join(folder.path, "spool")).length).toBeGreaterThan(10);
  });

  it("over its limit drops what is new, counts it, and goes on when there is room again", async () => {
    mkdirSync(join(folder.path, "spool"));
    const old = join(folder.path, "spool", segmentName(5));
    writeFileSync(old, Buffer.alloc(9_500));
    const spool = open({ totalBytes: 10_000 });
    spool.append(() => record("dropped", "x".repeat(1_000)));
    await spool.flush();
    expect(spool.dropped()).toEqual({ "spool-full": 1 });
    writeFileSync(old, "");
    spool.append(() => record("kept", "x".repeat(1_000)));
    await spool.flush();
    expect(readSpool(join(folder.path, "spool")).map((entry) => entry.head.id)).toEqual(["kept"]);
  });

  it("has what a kill cut off a slow disk in the next run, once and in its order", async () => {
    const spool = open({ groupMs: 0, segmentBytes: 4_000 });
    spool.append(() => record("on the disk"));
    await spool.flush();
    // as long as it takes to derive a key nothing else reaches the disk: all threads that write are busy
    const busy = Array.from({ length: 4 }, () => promisify(pbkdf2)("", "", 1_000_000, 8, "sha512"));
    for (let count = 0; count < 20; count += 1) {
      spool.append(() => record(`waits-${count}`, "x".repeat(500)));
      await sleep(2);
    }
    const killed = makeFolder();
    cpSync(folder.path, killed.path, { recursive: true });
    await Promise.all(busy);
    await spool.close();
    rmSync(folder.path, { recursive: true });
    cpSync(killed.path, folder.path, { recursive: true });
    killed.remove();
    expect(readSpool(join(folder.path, "spool")).length).toBe(1);
    for (let run = 0; run < 2; run += 1) {
      await open().close();
      const ids = readSpool(join(folder.path, "spool")).map((entry) => entry.head.id);
      expect(ids).toEqual(["on the disk", ...Array.from({ length: 20 }, (_, count) => `waits-${count}`)]);
    }
    expect(readdirSync(join(folder.path, "spool")).length).toBeGreaterThan(2);
    expect(readdirSync(folder.path)).toEqual(["spool"]);
  });

  it.each([
    ["a front that is no more", "fronts/3", 2],
    ["one process when there are fronts now", ".", 2],
    ["a front when there is one process now", "fronts/1", 0],
  ])("of %s has what a kill left in memory when the next host starts", async (_, place, fronts) => {
    const host = join(folder.path, "host");
    const spool = openSpool(spoolPlaceOf(join(host, place), folder.path), spoolLimits, clock, silentLog);
    spool.append(() => record("killed"));
    await new Promise((resolve) => setImmediate(resolve));
    const killed = makeFolder();
    cpSync(folder.path, killed.path, { recursive: true });
    await spool.close();
    rmSync(folder.path, { recursive: true });
    cpSync(killed.path, folder.path, { recursive: true });
    killed.remove();
    expect(readSpool(join(host, place, "spool"))).toEqual([]);
    await settleLeftSpools(host, fronts, { memory: folder.path, clock, log: silentLog });
    expect(readSpool(join(host, place, "spool")).map((entry) => entry.head.id)).toEqual(["killed"]);
    expect(readdirSync(folder.path)).toEqual(["host"]);
  });

  it("that cannot write counts the loss and fails nobody", async () => {
    const spool = open();
    folder.remove();
    spool.append(() => record("lost"));
    await spool.flush();
    expect(spool.dropped()).toEqual({ "write-failed": 1 });
  });
});

describe("the sample", () => {
  it("is the same for the same id and as large as asked", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `0199-${index}`);
    const kept = ids.filter((id) => inSample(id, 0.1));
    expect(kept.length).toBeGreaterThan(800);
    expect(kept.length).toBeLessThan(1200);
    expect(kept.every((id) => inSample(id, 0.1) && inSample(id, 0.5))).toBe(true);
    expect(ids.some((id) => inSample(id, 0))).toBe(false);
    expect(ids.every((id) => inSample(id, 1))).toBe(true);
  });
});

describe("recording", () => {
  it("keeps every request with a valid key of a service that exists, errors too, and no other", async () => {
    const host = await startTestHost();
    try {
      const script = "def init():\n    pass\ndef run(x):\n    return x\n";
      const models = [{ name: "digits", version: 3, path: "/m/azureml-models/digits/3", files: [], framework: null }];
      await host.serve(
        service([scriptRevision(host.folder, script, { models })], { record: { rate: 1, maxBytes: 10 } }),
        service([scriptRevision(host.folder, script)], { name: "off", record: { rate: 0, maxBytes: 10 } }),
        service([], { name: "empty" }),
      );
      await host.score("hello", { "x-request-id": "a" });
      await host.score("a body that is cut", { "x-request-id": "b" });
      await host.score("x".repeat(100_001), { "x-request-id": "c" });
      await host.score("x", { "x-request-id": "d" }, "empty");
      await host.score("x", { "x-request-id": "e" }, "off");
      await host.score("x", { "x-request-id": "no", authorization: "Bearer wrong" });
      await host.score("x", { "x-request-id": "no" }, "nobody");
      await control(host.folder, "POST", "/services/shop/revisions/1/score", "a candidate");
      await control(host.folder, "POST", "/spool/flush");
      const entries = readSpool(join(host.folder, "spool"));
      expect(entries.map(({ head: { id, status, kept } }) => [id, status, kept])).toEqual([
        ["a", 200, true],
        ["b", 200, true],
        ["c", 413, true],
        ["d", 503, true],
        ["e", 200, false],
      ]);
      expect(entries[0]).toMatchObject({
        body: "hello",
        answer: '"hello"',
        head: {
          service: "shop",
          revision: 1,
          image: "image-1",
          models: ["digits:3"],
          bodySize: 5,
          contentType: "application/json",
        },
      });
      expect(entries[1]).toMatchObject({ body: "a body tha", head: { bodySize: 18, bodyBytes: 10, answerBytes: 10 } });
      expect(entries[2]?.head).toMatchObject({ bodySize: 100_001, bodyBytes: 0 });
      expect(entries[4]).toMatchObject({ body: "", answer: "", head: { bodySize: 1, answerSize: 3 } });
    } finally {
      await host.close();
    }
  });
});
