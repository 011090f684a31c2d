import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleEraser } from "../../../src/monitor/profile/erase-samples.ts";
import { profileRecords } from "../../../src/monitor/profile/profile-records.ts";
import { readProfile, readSample, selectWindows } from "../../../src/monitor/profile/rows.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

let monitor: Monitor;
beforeAll(async () => {
  monitor = await openMonitor();
});
afterAll(() => monitor.close());

/** Requests of two rows each, whose values name their request. */
const entry = (id: string) => ({
  head: headOf({ id, kept: true, at: monitor.now() }),
  decoded: () => ({
    inputs: { columns: ["who", "row"], rows: [0, 1].map((row) => [`${id}-${row}`, row]) },
    predictions: { columns: ["prediction"], rows: [[`of ${id}`], [1]] },
    reason: null,
  }),
});

const sampled = async (side: "inputs" | "predictions") => {
  const [key] = await selectWindows(monitor.ports.db, { service: "shop", from: 0, to: monitor.now() + 1, side });
  if (key === undefined) throw new Error("there is no window");
  const { rows } = await readSample(monitor.ports.db, key);
  return { values: rows.map(({ values }) => values[0]), counted: (await readProfile(monitor.ports.db, key)).rows };
};

test("rows of an erased record go from the samples of its window, those of others stay, and what was counted does", async () => {
  const { db } = monitor.ports;
  const consumer = profileRecords();
  await db.transaction((tx) => consumer.take(tx, ["a", "b", "c"].map(entry)));
  expect((await sampled("inputs")).values).toContain("b-1");
  const erased = { id: "b", correlation_id: "called b", service: "shop", sequence: 2, at: monitor.now() };
  const erasing = { id: "called b", service: undefined, by: "tester", at: monitor.now() };
  await db.transaction((tx) => sampleEraser.erased(tx, [erased], erasing));
  const inputs = await sampled("inputs");
  expect(inputs.values.sort()).toEqual(["a-0", "a-1", "c-0", "c-1"]);
  expect((await sampled("predictions")).values).not.toContain("of b");
  expect(inputs.counted).toBe(6);
  // what comes later adds to what is left
  await db.transaction((tx) => consumer.take(tx, [entry("d")]));
  expect((await sampled("inputs")).values).toHaveLength(6);
});
