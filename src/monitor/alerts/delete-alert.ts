import type { Handler } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { mustFindAlert } from "./describe-alert.ts";
import type { AlertPorts } from "./ports.ts";
import { removeAlert, selectStates } from "./rows.ts";
import { tellState } from "./tell-state.ts";

/** What fires is told as resolved first: who listens for that alone would wait for it for ever. */
export const deleteAlert =
  ({ db, clock }: Pick<AlertPorts, "db" | "clock">): Handler<"deleteAlert"> =>
  ({ name }, { actor }) =>
    db.transaction(async (tx) => {
      const alert = await mustFindAlert(tx, name);
      const states = await selectStates(tx, name);
      const at = clock.now();
      for (const state of states) {
        const ended = { ...state, state: "ok" as const, since: at, measured: [] };
        await tellState(tx, alert, ended, state.told, { at, actor: actor.name, text: "the alert was deleted" });
      }
      const firing = states.filter(({ state }) => state === "firing").map(({ service }) => service);
      await removeAlert(tx, name);
      const data = { alert: name, when: alert.when, service: alert.service, firing };
      await emit(tx, { type: "modelyard.alert.deleted", subject: `alerts/${name}`, data, actor: actor.name, at });
      return { name };
    });
