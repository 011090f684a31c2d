import type { CollectionEntry } from "../../../contract/collections.ts";
import type { Presenter } from "./presenter.ts";
import { table, timeText } from "./text.ts";

export const getCollection: Presenter<"getCollection"> = ({ items, nextPageToken }, { now }) => {
  if (items.length === 0) return { talk: "Nothing in that time." };
  const shown = items.map((entry) => entryText(entry, timeText(entry.at, now)));
  const talk = nextPageToken === null ? {} : { talk: `There is more: add --page-token ${nextPageToken}` };
  return { data: shown.join("\n\n"), ...talk };
};

function entryText(entry: CollectionEntry, at: string): string {
  const { model, version, requestId, correlationId, rowCount, rows, columns, reason } = entry;
  const head = [
    at,
    `revision ${entry.revision}`,
    ...(model === null ? [] : [`${model}:${version ?? "-"}`]),
    ...(requestId === null ? [] : [`request ${requestId}`]),
    ...(correlationId === null ? [] : [`correlation ${correlationId}`]),
  ].join(" · ");
  if (reason !== null) return `${head}\n${reason}`;
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "boolean" ? String(cell) : cell)));
  const more = rowCount > rows.length ? `\n… ${rowCount} rows; modelyard collection export has all` : "";
  return `${head}\n${table(columns, cells)}${more}`;
}
