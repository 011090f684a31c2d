import { afterAll, beforeAll } from "vitest";
import { keepBaselines } from "../../../src/monitor/baseline/keep-baselines.ts";
import { profileRows } from "../../../src/monitor/baseline/profile-rows.ts";
import { makeRandom } from "../../../src/monitor/drift/math/random.ts";
import { profileRecords } from "../../../src/monitor/profile/profile-records.ts";
import type { Table } from "../../../src/records/table.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

const random = makeRandom(5);
const table = (rows: number, shift: number): Table => ({
  columns: ["x", "y"],
  rows: Array.from({ length: rows }, () => [random.normal() + shift, random.normal()]),
});

export interface Shop {
  monitor: Monitor;
  /** A request of now, with so many rows; `x` is moved by `shift` from where the baseline has it. */
  ask(rows: number, shift: number): Promise<void>;
}

/** The service shop with a baseline, without a server. */
export function useShop(): Shop {
  const shop = {
    async ask(rows, shift) {
      const { ports, now } = shop.monitor;
      const inputs = table(rows, shift);
      const consumer = profileRecords();
      const { add, finish } = consumer.gather();
      const head = headOf({ id: `${now()}`, kept: true, at: now() });
      add({ head, decoded: () => ({ inputs, predictions: null, reason: null }) });
      await ports.db.transaction(async (tx) => consumer.write(tx, await finish(tx)));
    },
  } as Shop;
  beforeAll(async () => {
    shop.monitor = await openMonitor();
    const { inputs } = await profileRows(async function* () {
      yield table(1000, 0);
    }, null);
    const source = { kind: "window", since: 0, until: 1 } as const;
    const made = { profiled: { inputs, predictions: null }, source, by: "tester", at: shop.monitor.now() };
    await shop.monitor.ports.db.transaction((tx) => keepBaselines(tx, { service: "shop" }, made));
  });
  afterAll(() => shop.monitor.close());
  return shop;
}
