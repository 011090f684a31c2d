import type { Presenter } from "./presenter.ts";
import { msText, table, timeText } from "./text.ts";

export const summariseUsage: Presenter<"summariseUsage"> = ({ items, dropped }, { now }) => {
  const lost = Object.entries(dropped).map(([reason, count]) => `${count} records not kept: ${reason}`);
  if (items.length === 0) {
    return { talk: ["No requests yet. Send one: modelyard service invoke NAME", ...lost].join("\n") };
  }
  const rows = items.map((item) => [
    item.service ?? item.model,
    item.requests,
    item.errors,
    msText(item.p50Ms),
    msText(item.p95Ms),
    msText(item.p99Ms),
    timeText(item.lastUsedAt, now),
  ]);
  const head = [items[0]?.model ? "MODEL" : "SERVICE", "REQUESTS", "ERRORS", "P50", "P95", "P99", "LAST USED"];
  return { data: table(head, rows), ...(lost.length === 0 ? {} : { talk: lost.join("\n") }) };
};
