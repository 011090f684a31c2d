import { afterEach, beforeEach, expect, test } from "vitest";
import { type InputOf, operations } from "../../src/contract/operations.ts";
import { alertMetrics } from "../../src/main/alert-metrics.ts";
import { byWindow } from "../../src/monitor/alerts/by-window.ts";
import { createAlert } from "../../src/monitor/alerts/create-alert.ts";
import { deleteAlert } from "../../src/monitor/alerts/delete-alert.ts";
import { evaluateAlerts } from "../../src/monitor/alerts/evaluate-alerts.ts";
import { getAlert } from "../../src/monitor/alerts/get-alert.ts";
import { listAlerts } from "../../src/monitor/alerts/list-alerts.ts";
import { selectStates } from "../../src/monitor/alerts/rows.ts";
import type { Signal } from "../../src/monitor/alerts/signal.ts";
import { silenceAlert } from "../../src/monitor/alerts/silence-alert.ts";
import { testAlert } from "../../src/monitor/alerts/test-alert.ts";
import { usageSignals } from "../../src/monitor/alerts/usage-signals.ts";
import { context } from "../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

const half = 30_000;
const minute = 60_000;

let monitor: Monitor;
let ports: Parameters<typeof evaluateAlerts>[0];
beforeEach(async () => {
  monitor = await openMonitor();
  ports = { ...monitor.ports, signals: usageSignals(monitor.ports.db) };
  await monitor.deploy("shop");
});
afterEach(() => monitor.close());

const create = (input: InputOf<"createAlert">) =>
  createAlert(ports)(operations.createAlert.input.parse(input), context);
const silence = (span: string) => silenceAlert(ports)({ name: "slow", for: span, reason: "load test" }, context);

/** Evaluates `times` times, half a minute apart, with this latency in between. */
async function goOn(times: number, durationMs: number | null, service = "shop"): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    monitor.advance(half);
    if (durationMs !== null) await monitor.use({ service, durationMs });
    await evaluateAlerts(ports);
  }
}

/** What was told since the last call: `firing shop`. */
let read = 0;
beforeEach(() => {
  read = 0;
});
async function told(): Promise<string[]> {
  const { rows } = await monitor.run(
    `select sequence, type, subject, data from events where sequence > ${read} order by sequence`,
  );
  return (rows as { sequence: number; type: string; data: string }[]).map(({ sequence, type, data }) => {
    read = sequence;
    return `${type.replace("modelyard.alert.", "")} ${(JSON.parse(data) as { service: string | null }).service}`;
  });
}

test("slow answers fire after `for`, once, and are resolved once", async () => {
  await create({ name: "slow", service: "shop", when: "p95 > 200ms clear 150ms over 1m for 1m" });
  await goOn(4, 20);
  expect(await told()).toEqual(["created shop"]);
  await goOn(1, 500);
  expect(await told()).toEqual(["pending shop"]);
  await goOn(5, 500);
  expect(await told()).toEqual(["firing shop"]);
  const { services } = await getAlert(ports)({ name: "slow" }, context);
  expect(services).toMatchObject([
    { service: "shop", state: "firing", measured: [{ signal: "p95", verdict: "breached" }] },
  ]);
  await goOn(6, 180); // the window forgets what was slow; 180 ms is not back below 150
  expect(await told()).toEqual([]);
  await goOn(8, 20);
  expect(await told()).toEqual(["resolved shop"]);
});

test("an event tells the alert, the service, the condition and what was seen", async () => {
  await create({ name: "slow", when: "p95 > 200ms", description: "look at the replicas" });
  await goOn(1, 500);
  const { rows } = await monitor.run(
    "select subject, stream, actor, data from events where type = 'modelyard.alert.firing'",
  );
  const [event] = rows as { subject: string; stream: string; actor: string; data: string }[];
  expect(event).toMatchObject({ subject: "alerts/slow", stream: "alerts/slow", actor: "monitor" });
  expect(JSON.parse(event?.data ?? "")).toMatchObject({
    ...{ alert: "slow", service: "shop", state: "firing", previous: "ok", when: "p95 > 200ms" },
    ...{ description: "look at the replicas", measured: [{ signal: "p95" }] },
    text: expect.stringMatching(/^p95 (49\d|50\d) ms$/),
  });
});

test("what must hold for a while and does not is told as passed", async () => {
  await create({ name: "slow", when: "errors >= 1 over 1m for 5m" });
  await monitor.use({ status: 500 });
  await evaluateAlerts(ports);
  monitor.advance(3 * minute);
  await evaluateAlerts(ports);
  expect(await told()).toEqual(["created null", "pending shop", "passed shop"]);
});

test("an alert without a service keeps a state for each, and both comparisons must hold", async () => {
  await monitor.deploy("other");
  await create({ name: "failing", when: "error_rate > 10% and requests >= 2 over 5m" });
  await monitor.use({ status: 500 }, { service: "other", status: 500 }, { service: "other" });
  await evaluateAlerts(ports);
  expect(await told()).toEqual(["created null", "firing other"]);
  const { items } = await listAlerts(ports)({ state: "firing", pageSize: 10 }, context);
  expect(items.map(({ name, services }) => [name, services.map(({ service }) => service)])).toEqual([
    ["failing", ["other"]],
  ]);
  expect((await listAlerts(ports)({ service: "shop", state: "firing", pageSize: 10 }, context)).items).toEqual([]);
});

test("a service that nobody asks is idle from its start or its last request on", async () => {
  await create({ name: "quiet", when: "idle > 10m" });
  await goOn(20, null);
  expect(await told()).toEqual(["created null"]);
  await goOn(1, null);
  expect(await told()).toEqual(["firing shop"]);
  await goOn(1, 5);
  expect(await told()).toEqual(["resolved shop"]);
});

test("a silenced alert tells nothing, and what is different when the silence ends is told then", async () => {
  await create({ name: "slow", when: "p95 > 200ms over 1m" });
  await silence("10m");
  await goOn(2, 500);
  expect(await told()).toEqual(["created null", "silenced undefined"]);
  expect((await getAlert(ports)({ name: "slow" }, context)).services[0]?.state).toBe("firing");
  await goOn(19, 500);
  expect(await told()).toEqual(["firing shop"]);
  await silence("1h");
  await goOn(8, 5);
  await silence("0m");
  await goOn(1, 5);
  expect(await told()).toEqual(["silenced undefined", "silenced undefined", "resolved shop"]);
});

test("a restart between two evaluations neither repeats nor loses what is told", async () => {
  await create({ name: "slow", when: "p95 > 200ms over 1m for 1m" });
  await goOn(3, 500);
  // everything that a restart forgets is in the ports
  ports = { ...ports, signals: usageSignals(monitor.ports.db) };
  await goOn(3, 500);
  expect(await told()).toEqual(["created null", "pending shop", "firing shop"]);
});

test("what fires is over when the service stops, and gone with the alert", async () => {
  await create({ name: "slow", when: "p95 > 200ms over 5m" });
  await goOn(1, 500);
  await monitor.run("update services set wanted = 'stopped'");
  await goOn(1, null);
  expect(await told()).toEqual(["created null", "firing shop", "resolved shop"]);
  await deleteAlert(ports)({ name: "slow" }, context);
  await goOn(1, 500);
  expect(await told()).toEqual(["deleted null"]);
  await expect(getAlert(ports)({ name: "slow" }, context)).rejects.toMatchObject({ code: "alert-not-found" });
});

test("an alert that is deleted while it fires is told as resolved, once, also when it is silent", async () => {
  await create({ name: "slow", when: "p95 > 200ms over 5m" });
  await create({ name: "sure", when: "p95 > 200ms over 5m for 1h" });
  await goOn(1, 500);
  await silence("1h");
  expect((await told()).sort()).toEqual([
    ...["created null", "created null", "firing shop", "pending shop", "silenced undefined"],
  ]);
  for (const name of ["slow", "sure"]) await deleteAlert(ports)({ name }, context);
  await goOn(1, 500);
  expect(await told()).toEqual(["resolved shop", "deleted null", "passed shop", "deleted null"]);
});

test("Prometheus reads the state of each alert on each service", async () => {
  await create({ name: "slow", when: "p95 > 200ms" });
  await goOn(1, 500);
  const text = alertMetrics(await selectStates(ports.db));
  expect(text).toContain('modelyard_alert_firing{alert="slow",service="shop"} 1\n');
  expect(text).toContain('modelyard_alert_pending{alert="slow",service="shop"} 0\n');
  expect(alertMetrics([])).toBe("");
});

test("what is dear is looked at once for each key and window, and again when it failed, is too little or must be fresh", async () => {
  const look = byWindow<number>(5 * minute);
  let looks = 0;
  const at = (key: string, minutes: number, isFresh = false) =>
    look(key, { at: minutes * minute, isFresh }, async () => ++looks);
  expect([await at("a", 11), await at("a", 14), await at("a", 15), await at("b", 15)]).toEqual([1, 1, 2, 3]);
  expect([await at("a", 16, true), await at("a", 16, true), await at("a", 17)]).toEqual([4, 4, 4]);
  const moment = { at: 0, isFresh: false };
  await expect(look("c", moment, () => Promise.reject(new Error("busy")))).rejects.toThrow("busy");
  const next = (value: number) =>
    look("c", { at: value, isFresh: false }, async () => value, (kept) => kept > 7); // biome-ignore format: one line
  expect([await next(7), await next(8), await next(9)]).toEqual([7, 8, 8]);
});

test("a signal that fails counts as not known, and the other alerts go on", async () => {
  const broken: Signal = {
    ...{ name: "broken", unit: "number", argument: "none", overMs: minute, changesMs: minute },
    value: () => Promise.reject(new Error("no statistics")),
  };
  ports = { ...ports, signals: [broken, ...ports.signals] };
  await create({ name: "broken", when: "broken < 1" });
  await create({ name: "slow", when: "p95 > 200ms" });
  await goOn(1, 500);
  expect(await told()).toEqual(["created null", "created null", "firing shop"]);
});

test("a condition is tried without being kept, and mistakes are refused", async () => {
  await monitor.use({ durationMs: 500 });
  const tried = await testAlert(ports)({ when: "p95 > 200ms" }, context);
  expect(tried.items).toMatchObject([{ service: "shop", verdict: "breached" }]);
  expect(await told()).toEqual([]);
  await expect(testAlert(ports)({}, context)).rejects.toMatchObject({ code: "invalid-input" });
  await expect(testAlert(ports)({ when: "p95 >" }, context)).rejects.toMatchObject({ code: "condition-invalid" });
  await expect(create({ name: "x", when: "p59 > 1ms" })).rejects.toMatchObject({ code: "condition-invalid" });
  await expect(create({ name: "x", when: "p95 > 1ms", service: "nobody" })).rejects.toMatchObject({
    code: "service-not-found",
  });
  await create({ name: "x", when: "p95 > 1ms" });
  await expect(create({ name: "x", when: "p95 > 1ms" })).rejects.toMatchObject({ code: "alert-exists" });
});
