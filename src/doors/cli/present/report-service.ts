import { measuredText, stateText } from "../../../client/report/text.ts";
import type { Report } from "../../../contract/alerts.ts";
import type { Presenter } from "./presenter.ts";
import { sparkline } from "./sparkline.ts";
import { msText, sizeText, table, timeText } from "./text.ts";

export const reportService: Presenter<"reportService"> = (report, { now }) => ({
  data: [
    headOf(report, now),
    trends(report),
    part("Alerts", ["ALERT", "STATE", "SEEN", "WHEN"], alertRows(report)),
    part(
      "What alerts told",
      ["AT", "ALERT", "CHANGE", "SEEN"],
      report.alertChanges.map(({ at, alert, change, text }) => [timeText(at, now), alert, change, text]),
    ),
    part("Errors by kind", ["KIND", "REQUESTS"], Object.entries(report.usage?.errorKinds ?? {})),
    part(
      "Revisions",
      ["REVISION", "MODELS", ...usageHead],
      report.revisions.map((one) => [one.revision, one.models.join(" ") || null, ...usageCells(one, now)]),
    ),
    part(
      "Callers",
      ["CALLER", ...usageHead],
      report.callers.map((one) => [one.caller || "not known", ...usageCells(one, now)]),
    ),
    ...report.sections.map(({ title, note, head, rows }) =>
      [title, ...(note === null ? [] : [note]), ...(rows.length === 0 ? [] : [table(head.map(upper), rows)])].join(
        "\n",
      ),
    ),
  ]
    .filter((text) => text !== "")
    .join("\n\n"),
});

const upper = (text: string) => text.toUpperCase();

const usageHead = ["REQUESTS", "ROWS", "ERRORS", "P50", "P95", "P99", "IN", "OUT", "LAST USED"];
const usageCells = (usage: Report["callers"][number] | Report["revisions"][number], now: number) => [
  ...[usage.requests, usage.rows, usage.errors, msText(usage.p50Ms), msText(usage.p95Ms), msText(usage.p99Ms)],
  ...[sizeText(usage.bytesIn), sizeText(usage.bytesOut), timeText(usage.lastUsedAt, now)],
];

const headOf = ({ service, running, revision, models, from }: Report, now: number) =>
  `${service}: ${stateText({ running, revision })}, ${models.join(" ") || "no model"}, since ${timeText(from, now)}`;

/** One line of bars for each number, from the beginning of the window to now. */
function trends({ usage, series, every }: Report): string {
  if (usage === null) return "No requests in this time";
  const line = (name: string, value: string | number, values: (number | null)[]) => [
    name,
    value,
    sparkline(values, 60),
  ];
  const share = `${usage.errors} (${Number(((usage.errors / usage.requests) * 100).toPrecision(2))} %)`;
  return table(
    ["", "", `EVERY ${every}`],
    [
      line(
        "requests",
        usage.requests,
        series.map((point) => point.requests),
      ),
      line(
        "rows",
        usage.rows,
        series.map((point) => point.rows),
      ),
      line(
        "errors",
        share,
        series.map((point) => point.errors),
      ),
      line(
        "p50",
        msText(usage.p50Ms),
        series.map((point) => point.p50Ms),
      ),
      line(
        "p95",
        msText(usage.p95Ms),
        series.map((point) => point.p95Ms),
      ),
      line(
        "p99",
        msText(usage.p99Ms),
        series.map((point) => point.p99Ms),
      ),
    ],
  );
}

const alertRows = ({ alerts }: Report) =>
  alerts.map(({ name, when, silencedUntil, services: [status] }) => [
    ...[name, (status?.state ?? "not looked at yet") + (silencedUntil === null ? "" : " (silenced)")],
    ...[measuredText(status?.measured ?? []), when],
  ]);

const part = (
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string => (rows.length === 0 ? "" : `${title}\n${table(head, rows)}`);
