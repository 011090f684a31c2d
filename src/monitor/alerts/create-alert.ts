import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { mustBeMonitored } from "../monitored-services.ts";
import { parseCondition } from "./condition/parse-condition.ts";
import { describeAlert } from "./describe-alert.ts";
import { mustBeMeasurable } from "./must-be-measurable.ts";
import type { AlertPorts } from "./ports.ts";
import { findAlert, insertAlert, type StoredAlert } from "./rows.ts";

export const createAlert =
  ({ db, clock, signals }: Pick<AlertPorts, "db" | "clock" | "signals">): Handler<"createAlert"> =>
  async ({ name, when, service = null, description = null }, { actor }) => {
    const condition = parseCondition(when, signals);
    const at = clock.now();
    const alert: StoredAlert = {
      ...{ name, when, service, description, silencedUntil: null, silenceReason: null },
      ...{ createdAt: at, createdBy: actor.name },
    };
    if (service !== null) await mustBeMonitored(db, service);
    await mustBeMeasurable({ db, clock, signals }, condition, alert);
    await db.transaction(async (tx) => {
      if (service !== null) await mustBeMonitored(tx, service);
      if ((await findAlert(tx, name)) !== undefined) throw new ModelyardError("alert-exists", { alert: name });
      await insertAlert(tx, alert);
      const data = { alert: name, when, service, description };
      await emit(tx, { type: "modelyard.alert.created", subject: `alerts/${name}`, data, actor: actor.name, at });
    });
    return describeAlert(alert, [], at);
  };
