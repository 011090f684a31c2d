import { measuredText } from "../../../client/report/text.ts";
import type { AlertReplay } from "../../../contract/alerts.ts";
import type { Presenter } from "./presenter.ts";
import { table, timeText } from "./text.ts";

const words = {
  breached: "holds",
  between: "holds no more, and is not back at the clear value",
  clear: "does not hold",
};

export const testAlert: Presenter<"testAlert"> = ({ when, items }, { now }) => {
  if (items.length === 0) return { talk: "No service runs that it could watch" };
  const rows = items.map(({ service, verdict, measured }) => [service, words[verdict], measuredText(measured)]);
  const past = items.flatMap(({ service, replay }) => (replay === null ? [] : [pastOf(service, replay, now)]));
  const data = [table(["SERVICE", "CONDITION", "SEEN"], rows), ...past].join("\n\n");
  return { data, talk: `Looked at: ${when}. Nothing was kept or told.` };
};

/** When it would have fired. */
function pastOf(service: string, told: AlertReplay, now: number): string {
  const { from, everyMs, firings, firingMs, state, changes, moreChanges } = told;
  const looked = `looked at every ${spanText(everyMs)} since ${timeText(from, now)}`;
  if (changes.length === 0) return `${service} would not have fired: ${looked}`;
  const head = `${service} would have fired ${firings === 1 ? "once" : `${firings} times`}${firings === 0 ? "" : `, for ${spanText(firingMs)} in all`}${state === "firing" ? ", and would fire now" : ""}: ${looked}`;
  const rows = changes.map(({ at, state, measured }) => [timeText(at, now), state, measuredText(measured)]);
  const more = moreChanges === 0 ? "" : `\n… and ${moreChanges} changes more`;
  return `${head}\n${table(["WHEN", "STATE", "SEEN"], rows)}${more}`;
}

function spanText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "m"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return said.length === 0 ? "0m" : said.join(" ");
}
