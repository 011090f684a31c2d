import type { Handler } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { spanMs } from "../../kernel/time-spans.ts";
import { describeAlert, mustFindAlert } from "./describe-alert.ts";
import type { AlertPorts } from "./ports.ts";
import { selectStates, silence } from "./rows.ts";

export const silenceAlert =
  ({ db, clock }: Pick<AlertPorts, "db" | "clock">): Handler<"silenceAlert"> =>
  async ({ name, for: span, reason = null }, { actor }) => {
    const at = clock.now();
    const until = spanMs(span) === 0 ? null : at + spanMs(span);
    await db.transaction(async (tx) => {
      await mustFindAlert(tx, name);
      await silence(tx, name, until, until === null ? null : reason);
      const data = { alert: name, until, reason };
      await emit(tx, { type: "modelyard.alert.silenced", subject: `alerts/${name}`, data, actor: actor.name, at });
    });
    return describeAlert(await mustFindAlert(db, name), await selectStates(db, name), at);
  };
