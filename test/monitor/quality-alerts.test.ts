import { afterEach, beforeEach, expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { createAlert } from "../../src/monitor/alerts/create-alert.ts";
import { evaluateAlerts } from "../../src/monitor/alerts/evaluate-alerts.ts";
import { getAlert } from "../../src/monitor/alerts/get-alert.ts";
import { qualitySignals } from "../../src/monitor/alerts/quality-signals.ts";
import { testAlert } from "../../src/monitor/alerts/test-alert.ts";
import type { CollectedRecord, ReadRecords } from "../../src/monitor/labels/collected.ts";
import { putLabels } from "../../src/monitor/labels/rows.ts";
import { context } from "../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

const minute = 60_000;
const when = "measured(accuracy) < 90%";

let monitor: Monitor;
let ports: Parameters<typeof evaluateAlerts>[0];
let records: CollectedRecord[];
let reads: number;
beforeEach(async () => {
  monitor = await openMonitor();
  [records, reads] = [[], 0];
  const readRecords: ReadRecords = async function* ({ from, to }) {
    reads += 1;
    yield* records.filter(({ at }) => at >= from && at < to);
  };
  ports = { ...monitor.ports, signals: qualitySignals({ db: monitor.ports.db, readRecords }) };
  await monitor.deploy("shop");
  await createAlert(ports)(operations.createAlert.input.parse({ name: "worse", service: "shop", when }), context);
  monitor.advance(20 * minute); // nowhere near a full hour
});
afterEach(() => monitor.close());

/** 40 answers of now, and what was right. */
async function answer(prefix: string, { isLabelled }: { isLabelled: boolean }): Promise<void> {
  const ids = Array.from({ length: 40 }, (_, i) => `${prefix}-${i}`);
  for (const id of ids)
    records.push({
      ...{ id, correlationId: id, service: "shop", revision: 1, models: ["shop:1"], at: monitor.now(), status: 200 },
      ...{ mirrored: false, weight: 1, inputs: null, reason: null },
      predictions: { columns: ["prediction"], rows: [["cat"]] },
    });
  if (isLabelled) await label(ids);
}
const label = (ids: readonly string[]) =>
  putLabels(
    monitor.ports.db,
    "shop",
    ids.map((id) => ({ id, row: 0, value: "dog", at: null })),
    { by: "a", at: monitor.now() },
  );
const tried = async () => (await testAlert(ports)({ when, service: "shop" }, context)).items[0]?.measured[0]?.value;
const evaluated = async () => {
  await evaluateAlerts(ports);
  return (await getAlert(ports)({ name: "worse" }, context)).services[0]?.measured[0]?.value;
};

test("an alert on quality sees labels of the last minutes at its first look", async () => {
  await answer("a", { isLabelled: true });
  expect(await evaluated()).toBe(0);
});

test("that there were no labels is not kept: the next look sees those that came, at the price of no reading without", async () => {
  await answer("a", { isLabelled: false });
  const before = reads;
  expect(await evaluated()).toBe(null);
  expect(reads).toBe(before);
  monitor.advance(minute);
  await label(records.map(({ id }) => id));
  expect(await evaluated()).toBe(0);
});

test("a value is kept for the hour, and whoever tries a condition sees this moment", async () => {
  await answer("a", { isLabelled: true });
  await evaluated();
  const before = reads;
  monitor.advance(minute);
  expect(await evaluated()).toBe(0);
  expect(reads).toBe(before);
  records = [];
  monitor.advance(minute);
  expect(await tried()).toBe(null);
  monitor.advance(minute);
  await answer("b", { isLabelled: true });
  expect(await tried()).toBe(0);
});

test.each([
  "measured(accuracy) < 90",
  "estimated(roc_auc) < 101%",
  "measured(r2) < 2",
  "measured(brier) > 3",
  "measured(mae) > -1",
])("%s is refused: no metric has such a value", async (impossible) => {
  const tried = testAlert(ports)({ when: impossible }, context);
  await expect(tried).rejects.toThrow(/is at (most|least)/);
});
