import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { findService } from "../../use/rows.ts";
import { parseCondition } from "./condition/parse-condition.ts";
import { mustFindAlert } from "./describe-alert.ts";
import { runningServices, watched } from "./evaluate-alerts.ts";
import { measure } from "./measure.ts";
import type { AlertPorts } from "./ports.ts";

export const testAlert =
  (ports: AlertPorts): Handler<"testAlert"> =>
  async ({ name, when, service }) => {
    const { db, clock, ingest, signals } = ports;
    if ((name === undefined) === (when === undefined))
      throw new ModelyardError("invalid-input", {
        problems: "give the name of an alert or a condition, one of the two",
      });
    if (service !== undefined && (await findService(db, service)) === undefined)
      throw new ModelyardError("service-not-found", { service });
    const alert = name === undefined ? { when: when ?? "", service: null } : await mustFindAlert(db, name);
    const condition = parseCondition(alert.when, signals);
    await ingest.catchUp();
    const running = (await runningServices(db)).map((one) => one.name);
    const items = [];
    for (const one of watched(alert, running).filter((each) => service === undefined || each === service))
      items.push({ service: one, ...(await measure(ports, condition, one, clock.now())) });
    return { when: alert.when, items };
  };
