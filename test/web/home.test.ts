import { expect, test } from "vitest";
import { listAlerts } from "../../src/contract/alerts.ts";
import { listServices } from "../../src/contract/use.ts";
import { eventHref } from "../../web/src/features/home/event-href.ts";
import { figuresOf, firingOf, type Service, standingsOf, type Usage } from "../../web/src/features/home/standing.ts";

const [example] = listServices.example.output.items;
const service = (name: string, state: Service["state"]) => ({ ...example, name, state }) as Service;
const usage = (name: string, requests: number, errors = 0) => ({ service: name, requests, errors }) as Usage;

test("services that need somebody stand first, then those that are used most", () => {
  const [alert] = listAlerts.example.output.items;
  const services = [
    service("stopped", "stopped"),
    service("quiet", "ready"),
    service("busy", "ready"),
    service("digits", "ready"),
    service("broken", "failed"),
    service("limping", "degraded"),
  ];
  const usages = [usage("busy", 100, 4), usage("quiet", 1), usage("gone", 9)];
  const standings = standingsOf(services, usages, [], alert === undefined ? [] : [alert]);
  expect(standings.map(({ service }) => service.name)).toEqual([
    ...["broken", "limping", "digits", "busy", "quiet", "stopped"],
  ]);
  expect(standings[2]?.firing).toEqual(["slow"]);
  expect(figuresOf(standings).asked).toEqual({ requests: 101, errors: 4 });
  expect(figuresOf(standings).states).toContain("3 ready");
});

test("what has not been answered yet is no zero", () => {
  const [waiting] = standingsOf([service("quiet", "ready")], undefined, undefined, undefined);
  expect([waiting?.usage, waiting?.change]).toEqual([undefined, undefined]);
  expect(figuresOf(waiting === undefined ? [] : [waiting]).asked).toBeUndefined();
  const [answered] = standingsOf([service("quiet", "ready")], [], [], []);
  expect([answered?.usage, answered?.change]).toEqual([null, null]);
});

test("an alert is told for each service that it fires on, and for no other", () => {
  const [alert] = listAlerts.example.output.items;
  if (alert === undefined) throw new Error("the contract has no example");
  const [status] = alert.services;
  if (status === undefined) throw new Error("the example watches nothing");
  const services = [
    status,
    { ...status, service: "fine", state: "ok" as const },
    { ...status, service: "later", since: status.since + 1 },
  ];
  expect(firingOf([{ ...alert, services }]).map(({ service }) => service)).toEqual(["later", "digits"]);
});

test("an event leads to the page of what it speaks of", () => {
  expect(eventHref("models/a b/versions/3")).toBe("/register/models/a%20b/3");
  expect(eventHref("models/größe")).toBe("/register/models/gr%C3%B6%C3%9Fe");
  expect(eventHref("services/digits")).toBe("/use/services/digits");
  expect(eventHref("webhooks/1")).toBe("/settings?tab=webhooks");
  expect(eventHref("something/else")).toBeUndefined();
  expect(eventHref("")).toBeUndefined();
});
