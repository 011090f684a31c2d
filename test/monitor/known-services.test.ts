import { afterEach, beforeEach, expect, test } from "vitest";
import { operations } from "../../src/contract/operations.ts";
import { makeReadGate } from "../../src/kernel/read-gate.ts";
import { exportRecords } from "../../src/monitor/collect/export-records.ts";
import { listRecords } from "../../src/monitor/collect/list-records.ts";
import { listCollections } from "../../src/monitor/collections/list-collections.ts";
import { listLabels } from "../../src/monitor/labels/list-labels.ts";
import type { RecordFiles } from "../../src/monitor/ports.ts";
import { summariseUsage } from "../../src/monitor/usage/summarise-usage.ts";
import { context } from "../events/outbox-fixture.ts";
import { codeOf } from "../refusals.ts";
import { type Monitor, openMonitor } from "./monitor-fixture.ts";

let monitor: Monitor;
beforeEach(async () => {
  monitor = await openMonitor();
});
afterEach(() => monitor.close());

/** What is told of one service, by the command that asks. */
const questions = () => {
  const ports = { ...monitor.ports, files: { gate: makeReadGate() } as RecordFiles };
  const of = <Name extends "listRecords" | "exportRecords" | "summariseUsage" | "listCollections" | "listLabels">(
    name: Name,
    service: string,
  ) => operations[name].input.parse({ service }) as never;
  return {
    "record list": (service: string) => listRecords(ports)(of("listRecords", service), context),
    "record export": (service: string) => exportRecords(ports)(of("exportRecords", service), context),
    "usage show": (service: string) => summariseUsage(ports)(of("summariseUsage", service), context),
    "collection list": (service: string) => listCollections(ports)(of("listCollections", service), context),
    "label list": (service: string) => listLabels(ports)(of("listLabels", service), context),
  };
};

test("what is told of a misspelt service is that there is none, not that it has nothing", async () => {
  await monitor.deploy("shop");
  for (const [command, ask] of Object.entries(questions())) {
    await ask("shop");
    expect(await codeOf(ask("shpo")), command).toBe("service-not-found");
  }
});

test("what is told of a model that never was is that there is none", async () => {
  const of = (name: "listRecords" | "summariseUsage", model: string) =>
    operations[name].input.parse({ model, ...(name === "summariseUsage" && { by: "service" }) }) as never;
  await monitor.run("insert into models (name, last_version, created_at, id) values ('digits', 2, 0, 'digits')");
  const ports = { ...monitor.ports, files: { gate: makeReadGate() } as RecordFiles };
  for (const model of ["dgits", "digits:3"]) {
    expect(await codeOf(listRecords(ports)(of("listRecords", model), context))).toBe("model-not-found");
    expect(await codeOf(summariseUsage(ports)(of("summariseUsage", model), context))).toBe("model-not-found");
  }
  expect(await codeOf(listRecords(ports)(of("listRecords", "digits:2"), context))).toBe("no error");
});

test("a service of the past, one that only collected and one elsewhere whose first answer is yet to come are found", async () => {
  await monitor.use({ service: "gone" });
  await monitor.run(
    "insert into collections (service, collection, model, version, entries, row_count, first_at, last_at) values ('collected', 'inputs', '', '', 1, 1, 0, 0)",
  );
  await monitor.run("insert into external_services values ('elsewhere', '/kserve', 0, 0)");
  for (const [command, ask] of Object.entries(questions()))
    for (const service of ["gone", "collected", "elsewhere"])
      expect(await codeOf(ask(service)), `${command} ${service}`).toBe("no error");
});
