import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { reportPage } from "../../src/client/report/report-page.ts";
import type { Report } from "../../src/contract/alerts.ts";
import { operations } from "../../src/contract/operations.ts";
import { listEvents } from "../../src/events/list-events.ts";
import { makeReadGate } from "../../src/kernel/read-gate.ts";
import { createAlert } from "../../src/monitor/alerts/create-alert.ts";
import { evaluateAlerts } from "../../src/monitor/alerts/evaluate-alerts.ts";
import { testAlert } from "../../src/monitor/alerts/test-alert.ts";
import { usageSignals } from "../../src/monitor/alerts/usage-signals.ts";
import { setBaseline } from "../../src/monitor/baseline/set-baseline.ts";
import { exportRecords } from "../../src/monitor/collect/export-records.ts";
import { listRecords } from "../../src/monitor/collect/list-records.ts";
import { showDrift } from "../../src/monitor/drift/show-drift.ts";
import { listLabels } from "../../src/monitor/labels/list-labels.ts";
import type { RecordFiles } from "../../src/monitor/ports.ts";
import { showProfile } from "../../src/monitor/profile/show-profile.ts";
import { showQuality } from "../../src/monitor/quality/show-quality.ts";
import { reportService } from "../../src/monitor/report/report-service.ts";
import { summariseUsage } from "../../src/monitor/usage/summarise-usage.ts";
import type { BlobStore } from "../../src/register/ports.ts";
import { context } from "../events/outbox-fixture.ts";
import { errorOf } from "../refusals.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

let monitor: Monitor;
beforeEach(async () => {
  monitor = await openMonitor();
  await monitor.deploy("shop");
});
afterEach(() => monitor.close());

const report = (since: string): Promise<Report> =>
  reportService({ ...monitor.ports, sections: [] })({ name: "shop", since }, context);

test("a report holds usage with its series, revisions, callers, and what alerts told", async () => {
  const ports = { ...monitor.ports, signals: usageSignals(monitor.ports.db) };
  await createAlert(ports)({ name: "failing", when: "error_rate > 10%" }, context);
  await monitor.use({ caller: "primary" }, { revision: 2, caller: "t-1" }, { revision: 2, caller: "t-1", status: 500 });
  await evaluateAlerts(ports);
  const told = await report("1h");
  expect(operations.reportService.output.safeParse(told).error).toBeUndefined();
  expect(told).toMatchObject({
    ...{ service: "shop", running: true, every: "5m", usage: { requests: 3, errors: 1, errorKinds: { "500": 1 } } },
    revisions: [
      { revision: 2, requests: 2 },
      { revision: 1, requests: 1 },
    ],
    callers: [{ caller: "t-1" }, { caller: "primary" }],
    alerts: [{ name: "failing", services: [{ state: "firing" }] }],
    alertChanges: [{ alert: "failing", change: "firing" }],
  });
  expect(told.series.reduce((sum, { requests }) => sum + requests, 0)).toBe(3);
  expect(told.series).toHaveLength(13);
});

test("its steps are as long as what is kept, for any time back", async () => {
  await monitor.use({});
  for (const [since, every] of [
    ["24h", "5m"],
    ["7d", "1h"],
    ["90d", "1d"],
    ["2024-01-01", "1d"],
  ] as const)
    expect((await report(since)).every).toBe(every);
  await expect(
    reportService({ ...monitor.ports, sections: [] })({ name: "nobody", since: "1h" }, context),
  ).rejects.toMatchObject({ code: "service-not-found" });
});

test("a time in the future is refused alike by all that look back", async () => {
  const since = "2090-01-01";
  const ask = operations.showQuality.input.parse({ service: "shop", since });
  const readRecords = async function* () {};
  const spool = monitor.ports.spool;
  const signals = usageSignals(monitor.ports.db);
  const ports = {
    ...monitor.ports,
    files: { gate: makeReadGate() } as RecordFiles,
    blobs: {} as BlobStore,
  };
  for (const refused of [
    report(since),
    summariseUsage({ ...monitor.ports, spool })(
      operations.summariseUsage.input.parse({ by: "service", since }),
      context,
    ),
    showQuality({ ...monitor.ports, readRecords })(ask, context),
    showProfile(monitor.ports)(operations.showProfile.input.parse({ service: "shop", since }), context),
    showDrift(monitor.ports)(operations.showDrift.input.parse({ service: "shop", since }), context),
    listRecords(ports)(operations.listRecords.input.parse({ since }), context),
    exportRecords(ports)(operations.exportRecords.input.parse({ since }), context),
    listLabels(ports)(operations.listLabels.input.parse({ since }), context),
    listEvents({ ...ports, source: () => "" })(operations.listEvents.input.parse({ since }), context),
    testAlert({ ...ports, signals })(operations.testAlert.input.parse({ when: "p95 > 1s", since }), context),
    setBaseline(ports)(operations.setBaseline.input.parse({ service: "shop", since, until: "2091-01-01" }), context),
  ])
    expect((await errorOf(refused)).message).toBe("The request is not valid: since: is in the future");
});

test("whatever names say, the page holds no markup but its own, and no script", async () => {
  await monitor.use({ caller: "t-1", status: 500 });
  const plain = await report("1h");
  const page = (name: string) =>
    reportPage({
      ...plain,
      ...{ service: name, models: [name], callers: plain.callers.map((one) => ({ ...one, caller: name })) },
      alertChanges: [{ at: plain.to, alert: name, change: name, text: name }],
      sections: [{ title: name, note: name, head: [name], rows: [[name, 1, null]] }],
    });
  const tags = (text: string) => text.match(/<[^>]*>/g)?.map((tag) => tag.replace(/"[^"]*"/g, '""'));
  const expected = tags(page("x"));
  const hostile = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('"><script>alert(1)</script>', "<!--", "'\" onload=x", "&lt;b&gt;", "]]>", "</style>"),
  );
  fc.assert(fc.property(hostile, (name) => void expect(tags(page(name))).toEqual(expected)));
  expect(page("x")).toContain("default-src 'none'");
  expect(page("x")).not.toMatch(/<script|https?:/);
});
