import type { Report } from "../../contract/alerts.ts";
import { html, type Markup } from "./markup.ts";
import { plot } from "./plot.ts";
import { pageStyle } from "./style.ts";
import { measuredText, msText, sizeText, stateText } from "./text.ts";

/** A report as one HTML file that loads nothing and runs nothing. */
export function reportPage(report: Report): string {
  const { service, models } = report;
  const state = stateText(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${service}: report</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${service}</h1>
<p>${state} · ${models.join(", ") || "no model"} · ${isoTime(report.from)} to ${isoTime(report.to)} UTC</p>
</header>
${tiles(report)}
${alertsPart(report)}
${plots(report)}
${part(
  "Revisions",
  ["revision", "models", ...usageHead],
  report.revisions.map((one) => [one.revision, one.models.join(" ") || null, ...usageCells(one)]),
)}
${part(
  "Callers",
  ["caller", ...usageHead],
  report.callers.map((one) => [one.caller || "not known", ...usageCells(one)]),
)}
${errorsPart(report)}
${report.sections.map(({ title, note, head, rows }) => part(title, head, rows, note))}
</main>
</body>
</html>
`.markup;
}

type Cell = string | number | null;

const isoTime = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

const usageHead = ["requests", "rows", "errors", "p50", "p95", "p99", "in", "out", "last used (UTC)"];
const usageCells = (usage: Report["callers"][number] | Report["revisions"][number]): Cell[] => [
  ...[usage.requests, usage.rows, usage.errors, msText(usage.p50Ms), msText(usage.p95Ms), msText(usage.p99Ms)],
  ...[sizeText(usage.bytesIn), sizeText(usage.bytesOut), isoTime(usage.lastUsedAt)],
];

function tiles({ usage, alerts }: Report): Markup {
  const firing = alerts.flatMap(({ services }) => services).filter(({ state }) => state === "firing").length;
  const tile = (name: string, value: string, bad = false) =>
    html`<div class="tile${bad ? " bad" : ""}"><strong>${value}</strong><span>${name}</span></div>`;
  const share = usage === null ? 0 : (usage.errors / usage.requests) * 100;
  return html`<section class="tiles">
${tile("requests", String(usage?.requests ?? 0))}
${tile("rows", String(usage?.rows ?? 0))}
${tile("errors", usage === null ? "0" : `${usage.errors} (${Number(share.toPrecision(2))} %)`, share > 0)}
${tile("median", msText(usage?.p50Ms ?? null))}
${tile("99 % within", msText(usage?.p99Ms ?? null))}
${tile("alerts firing", String(firing), firing > 0)}
</section>`;
}

function plots({ series, every }: Report): Markup {
  const times = series.map(({ at }) => at);
  const of = (name: string, colour: string, member: "requests" | "errors" | "p50Ms" | "p95Ms" | "p99Ms") => ({
    ...{ name, colour, values: series.map((one) => one[member]) },
  });
  const requests = [of("requests", "blue", "requests"), of("errors", "red", "errors")];
  const latency = [of("p99", "red", "p99Ms"), of("p95", "orange", "p95Ms"), of("p50", "blue", "p50Ms")];
  return html`<section>
${plot({ title: `Requests in ${every}`, unit: "", times, lines: requests, bars: true })}
${plot({ title: `Latency by ${every}`, unit: "ms", times, lines: latency, bars: false })}
</section>`;
}

function alertsPart({ alerts, alertChanges }: Report): Markup {
  const rows = alerts.map(({ name, when, silencedUntil, services: [status] }): Cell[] => [
    ...[name, (status?.state ?? "not looked at yet") + (silencedUntil === null ? "" : ", silenced")],
    ...[status === undefined ? null : isoTime(status.since), measuredText(status?.measured ?? []), when],
  ]);
  const changes = alertChanges.map(({ at, alert, change, text }): Cell[] => [isoTime(at), alert, change, text]);
  return html`${part("Alerts", ["alert", "state", "since (UTC)", "seen", "condition"], rows, null, "No alert watches this service.")}
${changes.length === 0 ? null : part("What alerts told", ["at (UTC)", "alert", "change", "seen"], changes)}`;
}

function errorsPart({ usage }: Report): Markup {
  const kinds = Object.entries(usage?.errorKinds ?? {}).sort(([, a], [, b]) => b - a);
  return kinds.length === 0 ? html`` : part("Errors by kind", ["status and code", "requests"], kinds);
}

function part(
  title: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  note: string | null = null,
  none = "Nothing in this time.",
): Markup {
  const cell = (value: Cell) => html`<td>${value ?? "–"}</td>`;
  const body = html`<div class="wide"><table>
<thead><tr>${head.map((name) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
</table></div>`;
  return html`<section>
<h2>${title}</h2>
${note === null ? null : html`<p>${note}</p>`}
${rows.length > 0 ? body : note === null ? html`<p>${none}</p>` : null}
</section>`;
}
