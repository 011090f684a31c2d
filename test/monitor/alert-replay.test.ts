import { afterEach, beforeEach, expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { createAlert } from "../../src/monitor/alerts/create-alert.ts";
import { evaluateAlerts } from "../../src/monitor/alerts/evaluate-alerts.ts";
import type { AlertPorts } from "../../src/monitor/alerts/ports.ts";
import { replayStep } from "../../src/monitor/alerts/replay.ts";
import { testAlert } from "../../src/monitor/alerts/test-alert.ts";
import { usageSignals } from "../../src/monitor/alerts/usage-signals.ts";
import { compactUsage } from "../../src/monitor/usage/compact-usage.ts";
import { context } from "../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

const minute = 60_000;
const hour = 60 * minute;

let monitor: Monitor;
let ports: AlertPorts;
beforeEach(async () => {
  monitor = await openMonitor();
  ports = { ...monitor.ports, signals: usageSignals(monitor.ports.db) };
  await monitor.deploy("shop");
});
afterEach(() => monitor.close());

const when = "p95 > 200ms over 1m for 5m";
const replayed = async (since: string) => {
  const { items } = await testAlert(ports)({ when, since }, context);
  return items[0]?.replay;
};

/** A request each minute, at its half. */
async function serve(minutes: number, durationMs: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    await monitor.use({ durationMs, at: monitor.now() + minute / 2 });
    monitor.advance(minute);
  }
}

test("a replay tells when an alert would have fired, and how long, and keeps nothing", async () => {
  await serve(30, 20);
  const slowFrom = monitor.now();
  await serve(12, 500);
  await serve(30, 20);
  const told = await replayed("2h");
  expect(told).toMatchObject({ everyMs: minute, firings: 1, state: "ok", moreChanges: 0 });
  expect(told?.changes.map(({ state }) => state)).toEqual(["pending", "firing", "ok"]);
  const [pending, firing, over] = told?.changes.map(({ at }) => (at - slowFrom) / minute) ?? [];
  expect([pending, firing]).toEqual([1, 6]);
  expect(told?.firingMs).toBe(((over ?? 0) - 6) * minute);
  const { rows } = await monitor.run("select count(*) as kept from alert_states");
  expect(rows).toEqual([{ kept: 0 }]);
});

test("a replay of minutes fires where the evaluation itself fired", async () => {
  await createAlert(ports)(operations.createAlert.input.parse({ name: "slow", service: "shop", when }), context);
  for (const [minutes, durationMs] of [
    [10, 20],
    [9, 500],
    [3, 20],
    [2, 500],
    [10, 20],
  ] as const)
    for (let i = 0; i < 2 * minutes; i += 1) {
      monitor.advance(minute / 2);
      await monitor.use({ durationMs, at: monitor.now() - 1 });
      await evaluateAlerts(ports);
    }
  const { rows } = await monitor.run("select type, at from events where type like '%alert.%' order by sequence");
  const firedAt = (rows as { type: string; at: number }[]).filter(({ type }) => type.endsWith("firing"));
  const told = await replayed("2h");
  expect(firedAt).toHaveLength(1);
  expect(told?.firings).toBe(1);
  const [found] = told?.changes.filter(({ state }) => state === "firing") ?? [];
  expect(Math.abs((found?.at ?? 0) - (firedAt[0]?.at ?? 0))).toBeLessThanOrEqual(minute);
});

test("usage that is kept by the hour still tells, a window counts its part of the hour", async () => {
  await serve(60, 20);
  await serve(60, 500);
  await serve(60, 20);
  monitor.advance(96 * hour);
  await compactUsage(ports);
  const past = await replayed("5d");
  expect(past).toMatchObject({ everyMs: 5 * minute, firings: 1 });
  const { items } = await testAlert(ports)({ when: "requests > 10 over 5m", since: "5d" }, context);
  expect(items[0]?.replay?.firings).toBe(0);
  const some = await testAlert(ports)({ when: "requests > 4 over 5m", since: "5d" }, context);
  expect(some.items[0]?.replay?.firings).toBe(1);
});

test("looks are further apart the longer the time is, and the dearer the signals", () => {
  const condition = (signal: string) => ({
    comparisons: [{ signal, argument: null, operator: ">" as const, threshold: 1, clear: 1 }],
    overMs: null,
    forMs: 0,
  });
  const usage = usageSignals(monitor.ports.db);
  const dear = { ...(usage[0] as (typeof usage)[number]), name: "dear", changesMs: hour };
  const signals = [...usage, dear];
  const every = (signal: string, days: number) => replayStep({ signals }, condition(signal), days * 24 * hour, 1);
  expect([1, 7, 90].map((days) => every("p95", days) / minute)).toEqual([1, 5, 60]);
  expect([1, 7, 90].map((days) => every("dear", days) / hour)).toEqual([1, 6, 24]);
});

test("a time that is not stored is refused", async () => {
  for (const since of ["91d", "2099-01-01"])
    await expect(testAlert(ports)({ when, since }, context)).rejects.toMatchObject({ code: "invalid-input" });
});
