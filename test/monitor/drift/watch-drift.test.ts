import { afterAll, beforeAll, expect, it } from "vitest";
import { keepBaselines } from "../../../src/monitor/baseline/keep-baselines.ts";
import { profileRows } from "../../../src/monitor/baseline/profile-rows.ts";
import { makeRandom } from "../../../src/monitor/drift/math/random.ts";
import { watchDrift } from "../../../src/monitor/drift/watch-drift.ts";
import { profileRecords } from "../../../src/monitor/profile/profile-records.ts";
import type { Table } from "../../../src/records/table.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

const hour = 3_600_000;
const random = makeRandom(5);
let monitor: Monitor;
beforeAll(async () => {
  monitor = await openMonitor();
  const { inputs } = await profileRows(async function* () {
    yield table(1000, 0);
  }, null);
  const source = { kind: "window", since: 0, until: 1 } as const;
  const made = { profiled: { inputs, predictions: null }, source, by: "tester", at: monitor.now() };
  await monitor.ports.db.transaction((tx) => keepBaselines(tx, { service: "shop" }, made));
});
afterAll(() => monitor.close());

const table = (rows: number, shift: number): Table => ({
  columns: ["x", "y"],
  rows: Array.from({ length: rows }, () => [random.normal() + shift, random.normal()]),
});

/** An hour in which the service is asked 300 rows, evaluated at its end. */
async function passHour(shift: number): Promise<[string, string][]> {
  const inputs = table(300, shift);
  const head = headOf({ id: `${monitor.now()}`, kept: true, at: monitor.now() });
  const entry = { head, decoded: () => ({ inputs, predictions: null, reason: null }) };
  const consumer = profileRecords();
  const { add, finish } = consumer.gather();
  add(entry);
  await monitor.ports.db.transaction(async (tx) => consumer.write(tx, await finish(tx)));
  monitor.advance(hour);
  const before = await events();
  await watchDrift(monitor.ports);
  await watchDrift(monitor.ports);
  return (await events()).slice(before.length);
}

async function events(): Promise<[string, string][]> {
  const { rows } = await monitor.run("select type, data from events order by sequence");
  return (rows as { type: string; data: string }[]).map(({ type, data }) => [type, JSON.parse(data).column]);
}

it("an event tells once that a column began to drift, in the second window it differs in, and once that it ended", async () => {
  const told: [string, string][][] = [];
  for (const shift of [0, 0, 1, 1, 1, 0, 0, 0]) told.push(await passHour(shift));
  expect(told).toEqual([
    ...[[], [], [], [["modelyard.drift.began", "x"]], [], []],
    ...[[["modelyard.drift.ended", "x"]], []],
  ]);
});
