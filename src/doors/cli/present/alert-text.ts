import { measuredText } from "../../../client/report/text.ts";
import type { Alert } from "../../../contract/alerts.ts";
import { fields, table, timeText } from "./text.ts";

/** An alert for people, with a line for each service. */
export function alertText(alert: Alert, now: number): string {
  const head = fields([
    ["Name", alert.name],
    ["When", alert.when],
    ["Service", alert.service ?? "every service"],
    ["Description", alert.description],
    ["Silenced", alert.silencedUntil === null ? null : `until ${timeText(alert.silencedUntil, now)}`],
    ["Reason", alert.silenceReason],
    ["Made", `${timeText(alert.createdAt, now)} by ${alert.createdBy}`],
  ]);
  if (alert.services.length === 0) return head;
  const rows = alert.services.map(({ service, state, since, measured, evaluatedAt }) => [
    ...[service, state, timeText(since, now), measuredText(measured)],
    timeText(evaluatedAt, now),
  ]);
  return `${head}\n\n${table(["SERVICE", "STATE", "SINCE", "SEEN", "LOOKED AT"], rows)}`;
}
