import type { HistoryEntry } from "../../../contract/update.ts";

/** What a change of a service changed, or why it failed, on one line. */
const changeText = ({ error, differences }: HistoryEntry): string =>
  error?.split("\n")[0] ??
  differences.map(({ what, from, to }) => `${what}: ${from ?? "none"} → ${to ?? "none"}`).join("; ");

/** Columns of a change in a table, beside when and where it was. */
export const changeColumns = ["ACTION", "OUTCOME", "REVISION", "BY", "REASON", "WHAT"];
export const changeCells = (entry: HistoryEntry) => [
  entry.action,
  entry.outcome,
  entry.revision,
  entry.by,
  entry.reason,
  changeText(entry),
];
