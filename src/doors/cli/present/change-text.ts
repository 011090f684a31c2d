import type { HistoryEntry } from "../../../contract/update.ts";

/** What a change of a service changed, or why it failed, on one line. */
export const changeText = ({ error, differences }: HistoryEntry): string =>
  error?.split("\n")[0] ??
  differences.map(({ what, from, to }) => `${what}: ${from ?? "none"} → ${to ?? "none"}`).join("; ");
