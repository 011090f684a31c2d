// The results as Markdown.
import { heading, number } from "../report.mjs";
import { percentile } from "../statistics.mjs";

export function reportIngest({ idle, peak, drain, lag, otherCores, seconds, quick }) {
  const lags = [...lag.lags].sort((a, b) => a - b);
  const rows = [
    ["idle", idle],
    ["the drain", drain.control],
    ["half of the load", lag.control],
  ];
  return `${heading("Ingest", "npm run bench:ingest", { seconds, quick })}
Others used ${otherCores.toFixed(2)} cores before it began.

The digits model, compiled, one row a request, every request recorded and profiled. Host and server share the machine with the load.

| | found | goal |
| --- | --: | --: |
| host alone, 64 connections, records/s | ${number(peak.perSecond)} | |
| server alone, draining ${number(drain.records)} records in ${drain.seconds.toFixed(1)} s, records/s | ${number(drain.perSecond)} | |
| drain ÷ host | ${(drain.perSecond / peak.perSecond).toFixed(2)} | ≥ 2 |
| lag at ${number(lag.perSecond)} requests/s, s: median · most | ${percentile(lags, 50).toFixed(1)} · ${lags.at(-1).toFixed(1)} | < 10 |
| wrong answers of ${number(peak.records + lag.answered)} | ${number(peak.wrong + lag.wrong)} | 0 |

What the server's other clients wait meanwhile, ms (p50 · p99 · most), one of each every 20 ms:

| beside | \`GET /healthz\` | \`list-models\` |
| --- | --: | --: |
${rows.map(([name, control]) => `| ${name} | ${line(control.healthz)} | ${line(control.models)} |`).join("\n")}
`;
}

const line = ({ p50, p99, most }) => [p50, p99, most].map((ms) => ms.toFixed(1)).join(" · ");
