import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordLimit } from "../../src/main/record-limit.ts";
import type { RecordEraser } from "../../src/monitor/collect/consumer.ts";
import { everyDecodedRecord } from "../../src/monitor/collect/every-decoded-record.ts";
import { everyRecord, findRecord, newestRecords } from "../../src/monitor/collect/read-records.ts";
import { selectDrops } from "../../src/monitor/collect/rows/drops.ts";
import { insertFile } from "../../src/monitor/collect/rows/files.ts";
import { countPacked } from "../../src/monitor/collect/rows/packs.ts";
import type { RecordFilter } from "../../src/monitor/collect/rows/records.ts";
import { hour, ids, now, openTiers, plain, type Tiers } from "./tiers-fixture.ts";

let { folder, ports, keeper, record, all, files, onDisk, close } = {} as Tiers;
beforeEach(async () => {
  ({ folder, ports, keeper, record, all, files, onDisk, close } = await openTiers());
});
afterEach(() => close());

async function someRecords() {
  await record("a");
  await record("b", { service: "other", status: 500, at: now - 30 * hour });
  await record("c", { text: '{"data": [[1, "x"], [null, "y"]]}', answered: "[3, 4]", correlationId: "order-1" });
  await record("w", { weight: 10, service: "other" });
  await record("o", { outOfSample: true, service: "other", status: 400 });
  await record("d", { text: "no JSON: \u0000", traceId: "0af7651916cd43dd8448eb211c80319c" });
  await record("e", { at: now - 1000, mirrored: true, caller: "key:primary" });
  await record("a", { revision: 2 });
  await record("f", { text: '{"data": [[0.5, "z"]]}', bodyJsonBytes: 5, image: "forgotten" });
}

describe("records that are moved to files", () => {
  it("are read as before, whatever is asked for", async () => {
    await someRecords();
    const filters: RecordFilter[] = [
      {},
      { service: "shop" },
      { id: "a" },
      { revision: 2 },
      { status: "5xx" },
      { status: "200" },
      { sinceMs: now - 3 * hour },
      { untilMs: now - 3 * hour },
      { correlationId: "order-1" },
      { correlationId: "a" },
      { correlationId: "c" },
      { correlationId: "nobody" },
      { traceId: "0af7651916cd43dd8448eb211c80319c" },
      { model: { name: "shop", version: 1 } },
      { model: { name: "shop", version: undefined } },
      { model: { name: "sho", version: undefined } },
    ];
    const read = async () => {
      const found = [];
      for (const filter of filters) {
        const every = await all(filter);
        const listed = [
          ...ids(await newestRecords(ports, filter, 3)),
          ...ids(await newestRecords(ports, filter, 9, 5)),
        ];
        found.push({ filter, every: plain(every), listed });
      }
      return found;
    };
    const before = await read();
    expect(await keeper().move(now - hour)).toMatchObject({ records: 8, files: 4 });
    expect(await countPacked(ports.db)).toBe(1);
    expect(await read()).toEqual(before);
    // both by what the client called it and by its own id
    for (const correlationId of ["order-1", "c"]) expect(ids(await all({ correlationId }))).toEqual(["c"]);
    expect((await findRecord(ports, "a", false))?.revision).toBe(2);
    expect(await findRecord(ports, "e", true)).toBeDefined();
    expect(await findRecord(ports, "nobody", false)).toBeUndefined();
    expect(await keeper().move(now - hour)).toMatchObject({ records: 0, files: 0 });
  });

  it("of a server that knew no weights are read as standing for one request each", async () => {
    const columns = [
      ...(["id", "service", "image", "language"] as const).map((name) => ({ name, type: "STRING" as const })),
      ...(["sequence", "revision", "status", "row_number"] as const).map((name) => ({ name, type: "INT32" as const })),
      { name: "received_at", type: "TIMESTAMP" as const },
      { name: "body", type: "BYTE_ARRAY" as const },
    ];
    const old: Record<string, unknown> = {
      ...{ id: "old", service: "shop", image: "image", language: "azure", sequence: 1, revision: 1, status: 200 },
      ...{ row_number: 0, received_at: now, body: Buffer.from('{"data": [[1, "x"]]}') },
    };
    await ports.files.write(
      "old.parquet",
      columns.map((column) => ({ ...column, valueAt: () => old[column.name] })),
      { rows: 1, groupRows: 1 },
    );
    const file = { service: "shop", revision: 1, day: "2026-11-26", records: 1, rows: 1, bytes: 1, digest: "d" };
    const times = { first_at: now, last_at: now, last_sequence: 1, images: ["image"], ids: new Uint8Array(0) };
    await insertFile(ports.db, { path: "old.parquet", ...file, ...times });
    expect((await all()).map(({ id, weight, caller }) => [id, weight, caller])).toEqual([["old", 1, null]]);
  });

  it("keep their sequence when nothing is left in the database", async () => {
    await record("a");
    await keeper().move(now);
    await record("b");
    expect((await all()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("have the types of the requests that were answered: a word among numbers that was refused makes no texts of them", async () => {
    const word = '{"data": [["old", "x"]]}';
    await record("a");
    await record("refused", { text: word, status: 400, answered: '{"error": "no number"}' });
    await record("alone", { text: word, status: 400, answered: '{"error": "no number"}', revision: 2 });
    await keeper().move(now);
    const ages = [];
    for (const { path } of await files())
      for await (const group of ports.files.groups(path))
        ages.push((await group.read(["id", "input.age"])).map((row) => [row.id, row["input.age"]]));
    expect(ages).toContainEqual([
      ["a", 1],
      ["refused", null],
    ]);
    expect(ages).toContainEqual([["alone", "old"]]);
  });

  it("have a row for each row of a request, with typed columns beside the bytes", async () => {
    await someRecords();
    await keeper().move(now - hour);
    const [file] = (await files()).filter(({ service, revision }) => service === "shop" && revision === 1);
    expect(file).toMatchObject({ records: 4, rows: 5, day: "2026-11-26", images: ["image", "forgotten"] });
    const columns = [
      "id",
      "row_number",
      "engine",
      "undecoded",
      "models",
      "input.age",
      "input.size",
      "output.prediction",
    ];
    const rows: unknown[] = [];
    for await (const group of ports.files.groups(file?.path ?? ""))
      rows.push(...(await group.read(columns)).map((row) => columns.map((name) => row[name])));
    expect(rows).toEqual([
      ["a", 0, "onnx", null, "shop:1", 1, "x", 3],
      ["c", 0, "onnx", null, "shop:1", 1, "x", 3],
      ["c", 1, "onnx", null, "shop:1", null, "y", 4],
      ["d", 0, "onnx", "not-json", "shop:1", null, null, 3],
      ["f", 0, null, "no-image", "", null, null, null],
    ]);
    const told = [];
    for await (const { decoded } of everyDecodedRecord(ports, { correlationId: "order-1" }))
      told.push(decoded.inputs?.rows);
    expect(told).toEqual([[[1, "x"], [null, "y"]]]); // biome-ignore format: a table
  });

  it("come once to who reads while they are moved", async () => {
    await Promise.all(Array.from({ length: 450 }, (_, index) => record(`r${index}`)));
    const found: string[] = [];
    for await (const { id } of everyRecord(ports, {})) {
      found.push(id);
      if (found.length === 100) await keeper().move(now);
      if (found.length === 300) await record("late");
    }
    expect(found.sort()).toEqual([...Array.from({ length: 450 }, (_, index) => `r${index}`), "late"].sort());
  });

  it("are in files that a crash cannot double: what the catalogue does not know is removed at the start", async () => {
    await record("a");
    await keeper().move(now);
    const [known] = onDisk();
    mkdirSync(join(folder, "records", "gone", "1"), { recursive: true });
    writeFileSync(join(folder, "records", "gone", "1", "x.parquet"), "left by a crash");
    writeFileSync(join(folder, "records", `${known}.tmp`), "left by a crash");
    await keeper().clean();
    expect(readdirSync(join(folder, "records"))).toEqual(["shop"]);
    expect(onDisk()).toEqual([known]);
    expect(ids(await all())).toEqual(["a"]);
  });
});

describe("a file of records", () => {
  it("that somebody deleted is no more, and a damaged one is named", async () => {
    await record("a");
    await keeper().move(now);
    await record("b", { revision: 2 });
    await keeper().move(now);
    const [first = "", second = ""] = onDisk();
    rmSync(join(folder, "records", first));
    expect(ids(await all())).toEqual(["b"]);
    writeFileSync(join(folder, "records", second), "PAR1 and then nothing that is Parquet");
    await expect(all()).rejects.toMatchObject({
      code: "record-file-damaged",
      details: { path: join(folder, "records", second) },
    });
  });
});

describe("retention", () => {
  const settings = async (service: string, value: object) => {
    const image = {
      digest: "i",
      build_key: "k",
      input: "{}",
      manifest: "{}",
      log: "[]",
      created_at: 1,
      created_by: "x",
    };
    const keys = { primary_key: "p", secondary_key: "s", created_at: 1, updated_at: 1 };
    const row = { name: service, wanted: "stopped", revision: 1, last_revision: 1, image: "i", ...keys };
    const tables = ports.db.tables<{ images: object; services: object }>();
    await tables.insertInto("images").values(image).execute();
    await tables
      .insertInto("services")
      .values({ ...row, settings: JSON.stringify(value) })
      .execute();
  };

  it("deletes what is older than the days of its service, in both tiers", async () => {
    await settings("shop", { recordDays: 2 });
    await record("old", { at: now - 49 * hour });
    await record("young", { at: now - 25 * hour });
    await record("other", { service: "other", at: now - 49 * hour });
    await record("ancient", { service: "other", at: now - 31 * 24 * hour });
    await keeper().move(now - 30 * hour);
    await record("straggler", { at: now - 49 * hour });
    expect(await keeper().retain()).toBe(3);
    expect(ids(await all())).toEqual(["young", "other"]);
    expect(onDisk()).toHaveLength(1);
  });

  it("leaves nothing of what it deleted in the segment that is written to: a new one is begun, and taken over to", async () => {
    await record("ancient", { at: now - 31 * 24 * hour });
    await keeper().move(now);
    const done: unknown[] = [];
    const flush = async (options?: { rotate: boolean }) => void done.push([options, onDisk().length]);
    const catchUp = async () => void done.push("caught up");
    expect(await keeper([], null, { flush, catchUp }).retain()).toBe(1);
    expect(done).toEqual([[{ rotate: true }, 0], "caught up"]);
  });

  it("deletes the oldest files of a service that has too many megabytes, and counts what went", async () => {
    await settings("shop", { recordMb: 1 });
    for (const day of [3, 2, 1]) {
      const text = randomBytes(300_000).toString("base64");
      await record(`day-${day}`, { at: now - day * 24 * hour, text });
    }
    await keeper().move(now);
    expect(await files()).toHaveLength(3);
    await keeper().retain();
    expect(ids(await all())).toEqual(["day-2", "day-1"]);
    expect(await selectDrops(ports.db)).toEqual({ "over-service-limit": 1 });
  });

  it("deletes the oldest files of all services when the server has too many megabytes, and counts what went", async () => {
    for (const [day, service] of [
      [3, "shop"],
      [2, "other"],
      [1, "shop"],
    ] as const)
      await record(`day-${day}`, {
        ...{ service, at: now - day * 24 * hour, text: randomBytes(300_000).toString("base64") },
      });
    await keeper().move(now);
    await keeper([], 1_000_000).retain();
    expect(ids(await all())).toEqual(["day-2", "day-1"]);
    expect(onDisk()).toHaveLength(2);
    expect(await selectDrops(ports.db)).toEqual({ "over-limit": 1 });
    expect(() => recordLimit("2 GB")).toThrow("MODELYARD_RECORD_MB");
    expect([recordLimit(""), recordLimit("0"), recordLimit("20")]).toEqual([null, null, 20_000_000]);
  });
});

describe("folders of files", () => {
  const folders = () =>
    readdirSync(join(folder, "records"), { recursive: true, withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map((one) => join(one.parentPath, one.name).slice(join(folder, "records").length + 1))
      .sort();

  it("go with their last file, as their names tell whose records there were and when", async () => {
    await record("gone", { service: "other", at: now - 31 * 24 * hour });
    await record("old", { at: now - 31 * 24 * hour });
    await record("erased", { revision: 2 });
    await record("kept");
    await keeper().move(now);
    expect(folders()).toHaveLength(9);
    await keeper().retain();
    await keeper().erase({ id: "erased", service: undefined, by: "ada" });
    expect(folders()).toEqual(["shop", "shop/1", "shop/1/2026-11-26"]);
    expect(ids(await all())).toEqual(["kept"]);
  });

  it("are there for a file that is written while another one of them goes", async () => {
    const column = { name: "id", type: "STRING" as const, valueAt: () => "a" };
    const write = (name: string) => ports.files.write(`shop/1/day/${name}`, [column], { rows: 1, groupRows: 1 });
    for (let round = 0; round < 200; round += 1) {
      await write("last");
      await Promise.all([write("new"), ports.files.remove("shop/1/day/last")]);
      await ports.files.remove("shop/1/day/new");
    }
    expect(folders()).toEqual([]);
  });
});

describe("an erased id", () => {
  it("is nowhere: not in rows, not in files, and not when it comes again", async () => {
    const secret = '{"data": [[41.5, "planted-secret"]]}';
    const told: string[] = [];
    const eraser: RecordEraser = {
      erased: async (_, records, { by }) => {
        told.push(...records.map(({ id }) => `${id} by ${by}`));
        return { labels: records.length, datasets: records.map(({ id }) => `set@${id}`) };
      },
      finish: async () => void told.push("end"),
    };
    await record("a", { text: secret, correlationId: "customer-7" });
    await record("b");
    await record("alone", { text: secret, correlationId: "customer-7", revision: 3 });
    await keeper().move(now);
    await record("fresh", { text: secret, correlationId: "customer-7" });
    expect(ids(await all())).toHaveLength(4);
    expect(await keeper([eraser]).erase({ id: "customer-7", service: undefined, by: "ada" })).toEqual({
      ...{ records: 3, collected: 0, labels: 3, files: 2 },
      datasets: ["set@fresh", "set@a", "set@alone"],
    });
    expect(told.sort()).toEqual(["a by ada", "alone by ada", "end", "fresh by ada"]);
    expect(ids(await all())).toEqual(["b"]);
    expect(onDisk()).toHaveLength(1);
    for (const path of [join(folder, "modelyard.db"), join(folder, "modelyard.db-wal")])
      for (const word of ["planted-secret", "customer-7"]) expect(readFileSync(path).includes(word)).toBe(false);
    expect(await keeper().erase({ id: "customer-7", service: undefined, by: "ada" })).toMatchObject({
      records: 0,
      files: 0,
    });
  });

  it("of one service stays with the others", async () => {
    await record("a", { correlationId: "x" });
    await record("b", { correlationId: "x", service: "other" });
    await keeper().erase({ id: "x", service: "shop", by: "ada" });
    expect(ids(await all())).toEqual(["b"]);
  });
});
