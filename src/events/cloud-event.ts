import type { CloudEvent } from "../contract/events.ts";
import type { StoredEvent } from "./rows/events.ts";

/** An event in the envelope of CloudEvents 1.0. `sequence` is its extension of that name: a text that sorts like the number. */
export function cloudEvent(event: Omit<StoredEvent, "stream">, source: string): CloudEvent {
  return {
    specversion: "1.0",
    id: event.id,
    source: source || "modelyard",
    type: event.type,
    subject: event.subject,
    time: new Date(event.at).toISOString(),
    datacontenttype: "application/json",
    sequence: String(event.sequence).padStart(16, "0"),
    actor: event.actor,
    data: event.data,
  };
}
