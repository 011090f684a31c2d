import type { Alert } from "../../contract/alerts.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Db } from "../../kernel/db.ts";
import { findAlert, type StoredAlert, type StoredState } from "./rows.ts";

export async function mustFindAlert(db: Db, name: string): Promise<StoredAlert> {
  const alert = await findAlert(db, name);
  if (alert === undefined) throw new ModelyardError("alert-not-found", { alert: name });
  return alert;
}

/** An alert as operations answer it; a silence that is over is none. */
export function describeAlert(alert: StoredAlert, states: readonly StoredState[], now: number): Alert {
  const silenced = alert.silencedUntil !== null && alert.silencedUntil > now;
  return {
    ...alert,
    ...(silenced ? {} : { silencedUntil: null, silenceReason: null }),
    services: states
      .filter((state) => state.alert === alert.name)
      .map(({ service, state, since, measured, at }) => ({ service, state, since, measured, evaluatedAt: at })),
  };
}
