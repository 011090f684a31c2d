import { afterAll, beforeAll, expect, test } from "vitest";
import { keepBaselines } from "../../../src/monitor/baseline/keep-baselines.ts";
import { profileRows } from "../../../src/monitor/baseline/profile-rows.ts";
import { driftOf } from "../../../src/monitor/drift/drift-of.ts";
import { profileRecords } from "../../../src/monitor/profile/profile-records.ts";
import type { Table, Value } from "../../../src/records/table.ts";
import { headOf, type Monitor, openMonitor } from "../monitor-fixture.ts";

let monitor: Monitor;
beforeAll(async () => {
  monitor = await openMonitor();
  await monitor.run("insert into models (name, last_version, created_at, id) values ('shop', 1, 0, 'shop')");
});
afterAll(() => monitor.close());

const hundred = <Item>(item: (i: number) => Item) => Array.from({ length: 100 }, (_, i) => item(i));

/** How answers that are scores compare with a training file whose target has these classes in turn; late: it comes after them. */
async function predictionDrift(
  named: readonly Value[] | null,
  trained: readonly Value[],
  scoresOf: (i: number) => number[],
  isLate = false,
) {
  const { ports, run, now, advance } = monitor;
  advance(86_400_000);
  const reading = named === null ? "null" : `'${JSON.stringify({ classes: named })}'`;
  await run("delete from versions");
  await run(
    `insert into versions (name, version, digest, size, created_at, created_by, reading) values ('shop', 1, 'd', 1, 0, 'a', ${reading})`,
  );
  const file = { columns: ["x", "kind"], rows: hundred((i) => [i, trained[i % trained.length] ?? null]) };
  const profiled = await profileRows(async function* () {
    yield file;
  }, "kind");
  const consumer = profileRecords();
  const { add, finish } = consumer.gather();
  const rows = hundred(scoresOf);
  const predictions: Table = { columns: (rows[0] ?? []).map((_, place) => `score.${place}`), rows };
  const decoded = { inputs: { columns: ["x"], rows: hundred((i) => [i]) }, predictions, reason: null };
  add({ head: headOf({ id: `${now()}`, kept: true, at: now() }), decoded: () => decoded });
  const keep = () =>
    ports.db.transaction(async (tx) => {
      const source = { kind: "file", digest: "d", format: "csv", target: "kind" } as const;
      await keepBaselines(tx, { service: "shop" }, { profiled, source, by: "tester", at: now() });
    });
  const count = () => ports.db.transaction(async (tx) => consumer.write(tx, await finish(tx)));
  for (const step of isLate ? [count, keep] : [keep, count]) await step();
  const report = await driftOf(ports, "shop", { windowMs: 300_000 });
  return report.predictions?.columns.map(({ column, state, rows, signals }) => ({ column, state, rows, signals }));
}

const inTurn = (classes: number) => (i: number) =>
  Array.from({ length: classes }, (_, place) => (place === i % classes ? 0.7 : 0.3 / (classes - 1)));

test.each<[string, Value[] | null, Value[]]>([
  ["texts", ["bad", "good"], ["bad", "good"]],
  ["numbers that are not those of the scores", [3, 8, 9], [3, 8, 9]],
  ["booleans", [false, true], [false, true]],
  ["numbers of a model that does not name them", null, [0, 1, 2]],
])("the target of a training file is compared with the class of the greatest score: %s", async (_, named, trained) => {
  for (const isLate of [false, true])
    expect(await predictionDrift(named, trained, inTurn(trained.length), isLate)).toEqual([
      { column: "prediction", state: "steady", rows: 100, signals: [] },
    ]);
});

test("classes that come more often than they were trained on differ", async () => {
  expect(await predictionDrift(["bad", "good"], ["bad", "good"], () => [0.9, 0.1])).toMatchObject([
    { column: "prediction", state: "suspected", signals: [{ kind: "constant", examples: ["bad"] }] },
  ]);
});
