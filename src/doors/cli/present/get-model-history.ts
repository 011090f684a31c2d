import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const getModelHistory: Presenter<"getModelHistory"> = (answer, { now }) =>
  page(
    answer,
    ["AT", "WHAT", "VERSION", "BY", "DETAIL"],
    (entry) => [timeText(entry.at, now), entry.action, entry.version, entry.by, detailText(entry.detail)],
    "Nothing is known of this model yet",
  );

/** What is short enough for a line; --json has all. */
function detailText(detail: Record<string, unknown>): string {
  const text = Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .filter((pair) => !pair.endsWith("={}"))
    .join(" ")
    .replace(/\s+/g, " ");
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
