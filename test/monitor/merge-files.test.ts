import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everyRecord, findRecord } from "../../src/monitor/collect/read-records.ts";
import { hour, ids, now, openTiers, plain, type Tiers } from "./tiers-fixture.ts";

let { folder, ports, keeper, record, all, files, onDisk, close } = {} as Tiers;
beforeEach(async () => {
  ({ folder, ports, keeper, record, all, files, onDisk, close } = await openTiers());
});
afterEach(() => close());

/** A day of files, one for each hour; some records of the first hours come an hour late. */
async function dayOfFiles(begin: number, count = 6): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await record(`at-${i}`, { at: begin + i * hour, correlationId: `order-${i}` });
    if (i > 0)
      await record(`late-${i}`, {
        at: begin + (i - 1) * hour + 1,
        text: '{"data": [[1, "x"], [2, "y"]]}',
        answered: "[3, 4]",
      });
    await keeper().move(begin + i * hour + 1);
  }
  await keeper().move(begin + count * hour);
}
const yesterday = Date.parse("2026-11-24T00:00:00Z");

describe("the files of a day that is over", () => {
  it("become one, and are read as before", async () => {
    await dayOfFiles(yesterday);
    await record("other", { service: "other", at: yesterday });
    await keeper().move(now);
    const before = { all: plain(await all()), some: plain(await all({ correlationId: "order-3" })) };
    expect((await files()).length).toBeGreaterThan(6);
    const gone = await keeper().merge();
    const after = await files();
    expect(after.map(({ service, records }) => `${records} of ${service}`).sort()).toEqual([
      "1 of other",
      "11 of shop",
    ]);
    expect(gone).toBeGreaterThan(4);
    expect(after.find(({ service }) => service === "shop")).toMatchObject({
      first_at: yesterday,
      last_at: yesterday + 5 * hour,
      rows: 16,
    });
    expect(onDisk().sort()).toEqual(after.map(({ path }) => path).sort());
    expect({ all: plain(await all()), some: plain(await all({ correlationId: "order-3" })) }).toEqual(before);
    expect((await findRecord(ports, "late-4", false))?.at).toBe(yesterday + 3 * hour + 1);
    expect(await keeper().merge()).toBe(0);
  });

  it("stay as long as the day is not over for two hours, and what is late is left beside", async () => {
    await dayOfFiles(Date.parse("2026-11-26T00:00:00Z"), 3);
    expect(await keeper().merge()).toBe(0);
    await dayOfFiles(yesterday, 3);
    expect(await keeper().merge()).toBeGreaterThan(0);
    await record("much-later", { at: yesterday + hour });
    await keeper().move(now - 20 * hour);
    expect(await keeper().merge()).toBe(0);
    expect((await files()).filter(({ day }) => day === "2026-11-24")).toHaveLength(2);
  });

  it("come once to who reads meanwhile: they are merged when nobody does", async () => {
    await dayOfFiles(yesterday);
    const found: string[] = [];
    for await (const { id } of everyRecord(ports, {})) {
      found.push(id);
      if (found.length === 3) expect(await keeper().merge()).toBe(0);
    }
    expect(found.sort()).toEqual(ids(await all()).sort());
    for await (const { id } of everyRecord(ports, {})) if (id !== "") break;
    expect(await keeper().merge()).toBeGreaterThan(0);
  });

  it("have each record once after a crash, before the catalogue knew the new file or after", async () => {
    await dayOfFiles(yesterday);
    const [before, known] = [plain(await all()), onDisk().sort()];
    const old = known.map((path) => [path, readFileSync(join(folder, "records", path))] as const);
    writeFileSync(join(folder, "records", "shop", "1", "2026-11-24", "000000000001m.parquet"), "left by a crash");
    await keeper().clean();
    expect(onDisk().sort()).toEqual(known);
    await keeper().merge();
    for (const [path, bytes] of old) writeFileSync(join(folder, "records", path), bytes);
    await keeper().clean();
    expect(plain(await all())).toEqual(before);
    expect(onDisk()).toHaveLength(1);
  });

  it("can be erased from after they were merged, and a damaged one holds up no other day", async () => {
    await dayOfFiles(yesterday);
    await keeper().merge();
    expect(await keeper().erase({ id: "order-2", service: undefined, by: "ada" })).toMatchObject({
      records: 1,
      files: 1,
    });
    expect(ids(await all())).not.toContain("at-2");
    expect(onDisk()).toHaveLength(1);
    await dayOfFiles(yesterday - 48 * hour, 2);
    await dayOfFiles(yesterday - 24 * hour, 2);
    const [damaged] = (await files()).filter(({ day }) => day === "2026-11-22");
    writeFileSync(join(folder, "records", damaged?.path ?? ""), "PAR1 and then nothing");
    await keeper().merge();
    const days = (await files()).map(({ day }) => day);
    expect(days.filter((day) => day === "2026-11-22").length).toBeGreaterThan(1);
    expect(days.filter((day) => day === "2026-11-23")).toHaveLength(1);
  });
});
