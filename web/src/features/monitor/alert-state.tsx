import type { AnswerOf } from "../../api.ts";
import { State } from "../../ui/state.tsx";

export type Alert = AnswerOf<"listAlerts">["items"][number];
export type AlertStatus = Alert["services"][number];

const colors = { ok: "green", pending: "yellow", firing: "red" } as const;

export const AlertState = ({ state }: { state: AlertStatus["state"] }) => <State word={state} color={colors[state]} />;

/** What was last seen of the signals of an alert. */
export const measuredText = (measured: AlertStatus["measured"]): string =>
  measured.map(({ signal, text }) => `${signal} ${text}`).join(", ");

export const isSilent = ({ silencedUntil }: Alert): boolean => silencedUntil !== null && silencedUntil > Date.now();

const order = ["firing", "pending", "ok"] as const;

/** The state that asks for attention most; undefined when it watches nothing that runs. */
export const worstState = ({ services }: Alert): AlertStatus["state"] | undefined =>
  order.find((state) => services.some((status) => status.state === state));
