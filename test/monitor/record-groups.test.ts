import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRecord, newestRecords } from "../../src/monitor/collect/read-records.ts";
import type { MonitorPorts } from "../../src/monitor/ports.ts";
import { ids, now, openTiers, type Tiers } from "./tiers-fixture.ts";

let tiers: Tiers;
/** Of each group that was read, its columns. */
let reads: (readonly string[])[];
let ports: Pick<MonitorPorts, "db" | "files">;
beforeEach(async () => {
  tiers = await openTiers();
  const { db, files } = tiers.ports;
  reads = [];
  const groups: MonitorPorts["files"]["groups"] = async function* (path, options) {
    for await (const { span, read } of files.groups(path, options))
      yield {
        span,
        read(columns) {
          reads.push(columns);
          return read(columns);
        },
      };
  };
  ports = { db, files: { ...files, groups } };
  // 4 MB of bodies make a group
  for (let i = 0; i < 24; i++)
    await tiers.record(`r${i}`, {
      text: "x".repeat(1 << 20),
      status: i === 2 ? 500 : 200,
      correlationId: `c${i % 12}`,
    });
  await tiers.keeper().move(now);
});
afterEach(() => tiers.close());

const groupsInFile = async () => {
  let count = 0;
  for (const { path } of await tiers.files()) for await (const _ of tiers.ports.files.groups(path)) count += 1;
  return count;
};

describe("of a file of records, a list reads", () => {
  it("the groups alone that its page is of, wherever that is", async () => {
    expect(await groupsInFile()).toBeGreaterThanOrEqual(6);
    expect(ids(await newestRecords(ports, {}, 3))).toEqual(["r23", "r22", "r21"]);
    expect(reads.length).toBeLessThanOrEqual(2);
    reads.length = 0;
    expect(ids(await newestRecords(ports, {}, 3, 11))).toEqual(["r9", "r8", "r7"]);
    expect(reads.length).toBeLessThanOrEqual(2);
  });

  it("what a filter asks for of every group, and the rest only where something fits", async () => {
    expect(ids(await newestRecords(ports, { status: "5xx" }, 3))).toEqual(["r2"]);
    expect(reads.filter((columns) => columns.length > 2)).toHaveLength(1);
    reads.length = 0;
    expect(await findRecord(ports, "r5", false)).toMatchObject({ id: "r5", status: 200 });
    expect(reads.filter((columns) => columns.includes("body"))).toHaveLength(1);
    expect(ids(await newestRecords(ports, { correlationId: "c4" }, 9))).toEqual(["r16", "r4"]);
  });
});
