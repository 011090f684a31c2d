import type { OutputOf } from "../../../contract/operations.ts";
import { invokeLine } from "./invoke-line.ts";
import type { Presenter } from "./presenter.ts";
import { sparkline } from "./sparkline.ts";
import { msText, sizeText, table, timeText } from "./text.ts";

type Item = OutputOf<"summariseUsage">["items"][number];

/** The columns that say what a line is about. */
const namesOf: Record<string, { head: string[]; cells(item: Item): (string | number | null)[] }> = {
  service: { head: ["SERVICE"], cells: ({ service }) => [service] },
  revision: { head: ["SERVICE", "REVISION"], cells: ({ service, revision }) => [service, revision] },
  model: { head: ["MODEL"], cells: ({ model }) => [model] },
  caller: { head: ["SERVICE", "CALLER"], cells: ({ service, caller }) => [service, caller || "not known"] },
};

export const summariseUsage: Presenter<"summariseUsage"> = ({ items, dropped }, { now, input }) => {
  const lost = Object.entries(dropped).map(
    ([reason, count]) => `${count} records not kept, of all services: ${reason}`,
  );
  if (items.length === 0) {
    const none =
      (input.service ?? input.model ?? input.since)
        ? "No requests match"
        : `No requests yet. Send one: ${invokeLine("NAME")}`;
    return { talk: [none, ...lost].join("\n") };
  }
  const names = namesOf[String(input.by ?? "service")] ?? { head: [], cells: () => [] };
  const trend = items.some(({ series }) => series !== undefined);
  const rows = items.map((item) => [
    ...names.cells(item),
    item.requests,
    item.rows,
    item.errors,
    msText(item.p50Ms),
    msText(item.p95Ms),
    msText(item.p99Ms),
    sizeText(item.bytesIn),
    sizeText(item.bytesOut),
    timeText(item.lastUsedAt, now),
    ...(trend ? [sparkline((item.series ?? []).map((point) => point.requests))] : []),
  ]);
  const counts = ["REQUESTS", "ROWS", "ERRORS", "P50", "P95", "P99", "IN", "OUT", "LAST USED"];
  const head = [...names.head, ...counts, ...(trend ? [`EVERY ${String(input.every)}`] : [])];
  const talk = [...items.flatMap((item) => kinds(item, names.cells(item).join(", "))), ...lost];
  return { data: table(head, rows), ...(talk.length === 0 ? {} : { talk: talk.join("\n") }) };
};

function kinds({ errorKinds }: Item, name: string): string[] {
  const shown = Object.entries(errorKinds).sort(([, a], [, b]) => b - a);
  return shown.length === 0
    ? []
    : [`Errors of ${name}: ${shown.map(([kind, count]) => `${kind} ×${count}`).join(", ")}`];
}
