import { measuredText } from "../../../client/report/text.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

/** One line for each alert and service; those that watch nothing have one too. */
export const listAlerts: Presenter<"listAlerts"> = (answer, { now, input }) => {
  const lines = answer.items.flatMap((alert) =>
    (alert.services.length === 0 ? [undefined] : alert.services).map((status) => ({ alert, status })),
  );
  const filtered = input.service !== undefined || input.state !== undefined;
  const whenEmpty = filtered
    ? "No alert matches"
    : "There are no alerts. Make one: modelyard alert create slow --service NAME --when 'p95 > 200ms for 5m'";
  return page(
    { ...answer, items: lines },
    ["ALERT", "SERVICE", "STATE", "SINCE", "SEEN", "WHEN"],
    ({ alert, status }) => [
      alert.name,
      status?.service ?? alert.service ?? "every service",
      (status?.state ?? "-") + (alert.silencedUntil === null ? "" : " (silenced)"),
      status === undefined ? null : timeText(status.since, now),
      status === undefined ? null : measuredText(status.measured),
      alert.when,
    ],
    whenEmpty,
  );
};
