import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import type { Handlers } from "../../src/contract/operations.ts";
import { namingNearest } from "../../src/main/nearest-names.ts";
import { ensureModel } from "../../src/register/rows/models.ts";
import { context } from "../events/outbox-fixture.ts";
import { type Monitor, openMonitor } from "../monitor/monitor-fixture.ts";
import { errorOf } from "../refusals.ts";

let monitor: Monitor;
beforeEach(async () => {
  monitor = await openMonitor();
  await monitor.deploy("shop");
  await monitor.run("insert into external_services values ('elsewhere', '/kserve', 0, 0)");
  await ensureModel(monitor.ports.db, { name: "digits", at: 0, by: "a" });
});
afterEach(() => monitor.close());

/** The fix that comes with a refusal of a handler. */
const fixOf = async (refusal: ModelyardError) => {
  const getService = () => Promise.reject(refusal);
  const { getService: asked } = namingNearest({ getService } as unknown as Handlers, monitor.ports.db);
  const error = await errorOf(asked({ name: "x" }, context));
  expect([error.code, error.message]).toEqual([refusal.code, refusal.message]);
  return error.fix;
};

test("who misspells a service or a model is told the nearest one that is there", async () => {
  const service = (name: string) => new ModelyardError("service-not-found", { service: name });
  const model = (name: string) => new ModelyardError("model-not-found", { model: name });
  expect(await fixOf(service("shp"))).toBe("Did you mean shop? `modelyard service list` shows them.");
  expect(await fixOf(service("elswhere"))).toMatch(/^Did you mean elsewhere\?/);
  expect(await fixOf(model("digit:2"))).toMatch(/^Did you mean digits\?/);
  for (const told of [service("nothing-like-it"), model("nothing-like-it"), model("digits:99")])
    expect(await fixOf(told)).toBe(told.fix);
});

test("other refusals are left as they are", async () => {
  const refused = new ModelyardError("alias-not-found", { model: "digts", alias: "live" });
  expect(await fixOf(refused)).toBe(refused.fix);
});
