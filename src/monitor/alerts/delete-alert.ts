import type { Handler } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { mustFindAlert } from "./describe-alert.ts";
import type { AlertPorts } from "./ports.ts";
import { removeAlert, selectStates } from "./rows.ts";

export const deleteAlert =
  ({ db, clock }: Pick<AlertPorts, "db" | "clock">): Handler<"deleteAlert"> =>
  ({ name }, { actor }) =>
    db.transaction(async (tx) => {
      const { when, service } = await mustFindAlert(tx, name);
      const firing = (await selectStates(tx, name)).filter(({ state }) => state === "firing");
      const data = { alert: name, when, service, firing: firing.map((state) => state.service) };
      await removeAlert(tx, name);
      const told = { subject: `alerts/${name}`, data, actor: actor.name, at: clock.now() };
      await emit(tx, { type: "modelyard.alert.deleted", ...told });
      return { name };
    });
