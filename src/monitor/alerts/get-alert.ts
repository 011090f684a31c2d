import type { Handler } from "../../contract/operations.ts";
import { describeAlert, mustFindAlert } from "./describe-alert.ts";
import type { AlertPorts } from "./ports.ts";
import { selectStates } from "./rows.ts";

export const getAlert =
  ({ db, clock }: Pick<AlertPorts, "db" | "clock">): Handler<"getAlert"> =>
  async ({ name }) =>
    describeAlert(await mustFindAlert(db, name), await selectStates(db, name), clock.now());
