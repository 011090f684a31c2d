import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { describeAlert } from "./describe-alert.ts";
import type { AlertPorts } from "./ports.ts";
import { selectAlerts, selectStates } from "./rows.ts";

export const listAlerts =
  ({ db, clock }: Pick<AlertPorts, "db" | "clock">): Handler<"listAlerts"> =>
  async ({ pageSize, pageToken, ...filter }) => {
    const after = decodePageToken(pageToken, 1)?.[0]?.toString();
    const alerts = await selectAlerts(db, { ...filter, limit: pageSize + 1, after });
    const states = (await selectStates(db)).filter(
      ({ service, state }) =>
        (filter.service === undefined || service === filter.service) &&
        (filter.state === undefined || state === filter.state),
    );
    return pageOf(
      alerts,
      pageSize,
      ({ name }) => [name],
      (alert) => describeAlert(alert, states, clock.now()),
    );
  };
