import { eventText } from "../contract/event-text.ts";
import type { StoredEvent } from "./rows/events.ts";

/** An event as people read it in a chat. */
export interface ChatText {
  title: string;
  lines: string[];
  /** Whether it is bad news, good news, or neither. */
  tone: "attention" | "good" | "default";
}

const tones: Record<string, ChatText["tone"]> = {
  "alert.firing": "attention",
  "alert.resolved": "good",
  "alert.passed": "good",
};
const titles: Record<string, string> = {
  "alert.firing": "Firing",
  "alert.resolved": "Resolved",
  "alert.pending": "Pending",
  "alert.passed": "Passed",
};

/** Alerts with their condition; of any other event what happened, who asked for it, and what its data says in single values. */
export function chatText({
  type,
  subject,
  actor,
  data,
}: Pick<StoredEvent, "type" | "subject" | "actor" | "data">): ChatText {
  const name = type.replace(/^modelyard\./, "");
  const title = titles[name];
  if (title === undefined)
    return {
      title: brief(eventText({ type, subject, data }), 150),
      lines: [`by ${actor}`, ...pairs(data)],
      tone: "default",
    };
  const { alert, service, text, when, description } = data;
  return {
    title: brief(`${title}: ${String(alert)}${service == null ? "" : ` on ${String(service)}`}`, 150),
    lines: [text, when, description]
      .filter((line) => typeof line === "string" && line !== "")
      .map((line) => brief(line)),
    tone: tones[name] ?? "default",
  };
}

const pairs = (data: Record<string, unknown>): string[] =>
  Object.entries(data)
    .map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : value] as const)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value) && value !== "")
    .slice(0, 10)
    .map(([key, value]) => brief(`${key}: ${String(value)}`));

function brief(text: unknown, most = 250): string {
  const letters = [...String(text).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, " ")];
  return letters.length <= most ? letters.join("") : `${letters.slice(0, most - 1).join("")}…`;
}
