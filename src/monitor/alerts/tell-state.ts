import type { AlertState } from "../../contract/alerts.ts";
import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import type { StoredAlert, StoredState } from "./rows.ts";

const endOf = { firing: "modelyard.alert.resolved", pending: "modelyard.alert.passed" } as const;

interface Telling {
  /** Epoch ms. */
  at: number;
  actor?: string;
  /** Why, when nothing was measured. */
  text?: string;
}

/** Writes the events that lead from the state that was told to the one that is. */
export async function tellState(
  tx: Db,
  alert: StoredAlert,
  state: StoredState,
  told: AlertState,
  { at, actor = "monitor", text }: Telling,
): Promise<void> {
  if (told === state.state) return;
  const data = dataOf(alert, state, told, text);
  const write = (type: Parameters<typeof emit>[1]["type"]) =>
    emit(tx, { type, subject: `alerts/${alert.name}`, data, actor, at });
  // a pending one that fires has not passed
  if (told === "firing" || (told === "pending" && state.state === "ok")) await write(endOf[told]);
  if (state.state !== "ok") await write(`modelyard.alert.${state.state}`);
}

function dataOf(
  { name, when, description }: StoredAlert,
  { service, state, since, measured }: StoredState,
  previous: AlertState,
  text = measured.map((one) => `${one.signal} ${one.text}`).join(", "),
) {
  return {
    ...{ alert: name, service, state, previous, when, description, since },
    measured: measured.map(({ signal, value, text: shown }) => ({ signal, value, text: shown })),
    text,
  };
}
