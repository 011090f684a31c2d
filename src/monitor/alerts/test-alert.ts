import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { pastMs } from "../../kernel/time-spans.ts";
import { mustBeMonitored, runningServices } from "../monitored-services.ts";
import { parseCondition } from "./condition/parse-condition.ts";
import { mustFindAlert } from "./describe-alert.ts";
import { watched } from "./evaluate-alerts.ts";
import { measure } from "./measure.ts";
import { mustBeMeasurable } from "./must-be-measurable.ts";
import type { AlertPorts } from "./ports.ts";
import { replay, replayStep } from "./replay.ts";

const minute = 60_000;
const day = 1440 * minute;

export const testAlert =
  (ports: AlertPorts): Handler<"testAlert"> =>
  async ({ name, when, service, since }) => {
    const { db, clock, ingest, signals } = ports;
    if ((name === undefined) === (when === undefined))
      throw new ModelyardError("invalid-input", {
        problems: "give the name of an alert or a condition, one of the two",
      });
    if (service !== undefined) await mustBeMonitored(db, service);
    const alert = name === undefined ? { when: when ?? "", service: null } : await mustFindAlert(db, name);
    const condition = parseCondition(alert.when, signals);
    await ingest.catchUp();
    if (when !== undefined) await mustBeMeasurable(ports, condition, { when, service: service ?? null });
    const now = clock.now();
    const to = Math.floor(now / minute) * minute;
    const from = since === undefined ? to : Math.floor(pastMs(since, now) / minute) * minute;
    if (to - from > 90 * day)
      throw new ModelyardError("invalid-input", { problems: "since: is a time of the last 90 days" });
    const running = await runningServices(db, now);
    const items = [];
    const services = watched(alert, running).filter((each) => service === undefined || each === service);
    const every = replayStep(ports, condition, to - from, services.length);
    for (const one of services) {
      const told = since === undefined ? null : await replay(ports, condition, one, { from, to, every });
      items.push({ service: one, ...(await measure(ports, condition, one, { at: now, isFresh: true })), replay: told });
    }
    return { when: alert.when, items };
  };
