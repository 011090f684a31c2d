import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { droppedRecords, noteHostDrops } from "../../src/monitor/collect/dropped-records.ts";
import { countDrops } from "../../src/monitor/collect/rows/drops.ts";
import type { HostDrops } from "../../src/monitor/ports.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

let monitor: Monitor;
beforeEach(async () => {
  monitor = await openMonitor();
});
afterEach(() => monitor.close());

/** What a host answers that started at a moment; none when nothing is given. */
const ports = (startedAt?: number, records: Record<string, number> = {}) => {
  const drops: HostDrops | undefined = startedAt === undefined ? undefined : { startedAt, records };
  return { db: monitor.ports.db, spool: { ...monitor.ports.spool, dropped: async () => drops } };
};

describe("records that could not be kept", () => {
  it("are counted over all hosts that ran, and never fewer than before", async () => {
    const lives: [ReturnType<typeof ports>, Record<string, number>][] = [
      [ports(1, {}), {}],
      [ports(1, { "disk-full": 3 }), { "disk-full": 3 }],
      [ports(1, { "disk-full": 5, "spool-full": 1 }), { "disk-full": 5, "spool-full": 1 }],
      [ports(), { "disk-full": 5, "spool-full": 1 }],
      [ports(2, {}), { "disk-full": 5, "spool-full": 1 }],
      [ports(2, { "disk-full": 7 }), { "disk-full": 12, "spool-full": 1 }],
      // a front of the host began anew
      [ports(2, { "disk-full": 4 }), { "disk-full": 12, "spool-full": 1 }],
      [ports(2, { "disk-full": 6, "spool-full": 2 }), { "disk-full": 14, "spool-full": 3 }],
      [ports(2, {}), { "disk-full": 14, "spool-full": 3 }],
      [ports(2, { "disk-full": 1 }), { "disk-full": 15, "spool-full": 3 }],
    ];
    for (const [life, expected] of lives) {
      expect(await droppedRecords(life)).toEqual(expected);
      await noteHostDrops(life);
      await noteHostDrops(life);
      expect(await droppedRecords(life)).toEqual(expected);
      expect(await droppedRecords(ports())).toEqual(expected);
    }
  });

  it("are those of the host and of the server together", async () => {
    await monitor.ports.db.transaction((tx) => countDrops(tx, { torn: 2, shared: 1 }));
    expect(await droppedRecords(ports(1, { shared: 4 }))).toEqual({ torn: 2, shared: 5 });
  });
});
