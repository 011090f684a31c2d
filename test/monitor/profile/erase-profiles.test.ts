import { afterEach, beforeEach, expect, test } from "vitest";
import { keepBaselines } from "../../../src/monitor/baseline/keep-baselines.ts";
import { profileOfSample } from "../../../src/monitor/baseline/profile-rows.ts";
import { findBaseline, findBaselineSample } from "../../../src/monitor/baseline/rows.ts";
import { decodeStored } from "../../../src/monitor/collect/decode-entry.ts";
import { profileEraser } from "../../../src/monitor/profile/erase-profiles.ts";
import { mergeWindowSamples } from "../../../src/monitor/profile/merge-windows.ts";
import { makeProfiler } from "../../../src/monitor/profile/profile-records.ts";
import { readProfile, readSample, selectWindows } from "../../../src/monitor/profile/rows.ts";
import { findManifest } from "../../../src/use/image/rows.ts";
import { hour, now, openTiers, type Tiers } from "../tiers-fixture.ts";

let { ports, keeper, record, all, close } = {} as Tiers;
beforeEach(async () => {
  ({ ports, keeper, record, all, close } = await openTiers());
});
afterEach(() => close());

const minute = 60_000;
const begin = now - 24 * hour;

/** Two requests of each of ten minutes; one of them names somebody, and has the greatest number of all. One more is kept besides the sample, and not profiled. */
async function someRecords(): Promise<void> {
  await record("owed", { at: begin + 1, outOfSample: true, text: '{"data": [[0, "Chur"]]}' });
  for (let i = 0; i < 10; i += 1) {
    await record(`a${i}`, {
      at: begin + i * minute,
      text: `{"data": [[${i}, "Bern"], [${i + 0.5}, "Thun"]]}`,
      answered: "[1, 2]",
    });
    const named = i === 3 || i === 8;
    await record(named ? `secret${i}` : `b${i}`, {
      ...{ at: begin + i * minute + 1, text: named ? '{"data": [[4711, "Ada Lovelace"]]}' : '{"data": [[7, "Bern"]]}' },
      ...(named ? { correlationId: "customer-7" } : {}),
    });
  }
}

/** Profiles all records that are there, as they are when they arrive. */
async function profileAll(): Promise<void> {
  const manifest = await findManifest(ports.db, "image");
  const { gather, write } = makeProfiler();
  const { add, finish } = gather();
  for (const one of await all()) if (one.out_of_sample === 0) add({ ...one, tables: decodeStored(one, manifest) });
  await ports.db.transaction(async (tx) => write(tx, await finish(tx)));
}

async function profiles() {
  const found = [];
  for (const key of await selectWindows(ports.db, { service: "shop", from: 0, to: now })) {
    const { columns, rows } = await readProfile(ports.db, key);
    found.push({ key, rows, columns: [...columns], sample: await readSample(ports.db, key) });
  }
  return found;
}

const erase = () => keeper([profileEraser(ports)]).erase({ id: "customer-7", service: undefined, by: "ada" });
const texts = (value: unknown) =>
  JSON.stringify(value, (_, one) =>
    one instanceof Map ? [...one] : ArrayBuffer.isView(one) ? [...(one as Float64Array)] : one,
  );

for (const tier of ["the database", "files", "both"])
  test(`windows that counted an erased record of ${tier} count what is left, and hold no value of it`, async () => {
    await someRecords();
    await profileAll();
    if (tier !== "the database") await keeper().move(tier === "files" ? now : begin + 5 * minute);
    expect(texts(await profiles())).toContain("Ada Lovelace");
    expect(await erase()).toMatchObject({ records: 2 });
    const left = await profiles();
    expect(texts(left)).not.toContain("Ada Lovelace");
    expect(texts(left)).not.toContain("4711");
    expect(left.map(({ key, rows }) => `${key.side} ${rows}`).sort()).toEqual([
      "inputs 14",
      "inputs 14",
      "predictions 14",
      "predictions 14",
    ]);
    await ports.db.tables<{ profiles: object }>().deleteFrom("profiles").execute();
    await profileAll();
    expect(texts(left)).toBe(texts(await profiles()));
  });

test("a window whose profile is gone is not made again", async () => {
  await someRecords();
  await erase();
  expect(await profiles()).toEqual([]);
});

test("a baseline that was made of a past window loses the rows too, and what names their values", async () => {
  await someRecords();
  await profileAll();
  const stored = await selectWindows(ports.db, { service: "shop", from: 0, to: now, side: "inputs" });
  const profiled = profileOfSample(await mergeWindowSamples(ports.db, stored));
  const source = { kind: "window", since: begin, until: now } as const;
  const made = {
    profiled: { inputs: profiled, predictions: null },
    source,
    importance: { age: 2 },
    by: "ada",
    at: now,
  };
  await ports.db.transaction((tx) => keepBaselines(tx, { service: "shop" }, made));
  await erase();
  const owner = { service: "shop" };
  const [baseline, sample] = [
    await findBaseline(ports.db, owner, "inputs"),
    await findBaselineSample(ports.db, owner, "inputs"),
  ];
  expect(texts([baseline?.layout, [...(baseline?.profile.columns ?? [])], sample])).not.toMatch(/Ada Lovelace|4711/);
  expect(baseline).toMatchObject({ importance: { age: 2 }, source, createdBy: "ada", profile: { rows: 28 } });
  expect(sample?.rows).toHaveLength(28);
});
