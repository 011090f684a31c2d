import { expect, test } from "vitest";
import { makeProfiler } from "../../../src/monitor/profile/profile-records.ts";
import { showProfile } from "../../../src/monitor/profile/show-profile.ts";
import { openMonitor } from "../monitor-fixture.ts";

const columns = Array.from({ length: 10 }, (_, column) => `c${column}`);

async function distinctOf(rowCount: number, distinct: number): Promise<number[]> {
  const monitor = await openMonitor();
  const { db } = monitor.ports;
  const rows = Array.from({ length: rowCount }, (_, row) => columns.map((_, place) => (row % distinct) + place / 7));
  const profiler = makeProfiler();
  const { add, finish } = profiler.gather();
  const tables = { inputs: { columns, rows }, predictions: null };
  add({ id: "a", service: "shop", revision: 1, models: [], at: monitor.now(), tables });
  const counted = await finish(db);
  await db.transaction((tx) => profiler.write(tx, counted));
  const shown = await showProfile(monitor.ports)({ service: "shop", since: "1h" }, { actor: { name: "ada" } } as never);
  await monitor.close();
  return shown.columns.map((column) => column.distinct);
}

test("distinct values are counted where the sample holds all rows", async () => {
  expect(await distinctOf(600, 300)).toEqual(columns.map(() => 300));
});

test("distinct values are estimated where it does not", async () => {
  for (const found of await distinctOf(6000, 3000)) {
    expect(found).toBeGreaterThan(1800);
    expect(found).toBeLessThan(4200);
  }
});
