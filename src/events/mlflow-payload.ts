import type { EventType } from "../contract/events.ts";
import type { StoredEvent } from "./rows/events.ts";

type Told = Pick<StoredEvent, "type" | "subject" | "data">;

/** What MLflow calls an event, and the data it tells of it (mlflow/webhooks/types.py). */
interface Translation {
  entity: string;
  action: string;
  data(event: Told): Record<string, unknown>;
}

const translations: Partial<Record<string, Translation>> = {
  "modelyard.model.created": {
    entity: "registered_model",
    action: "created",
    data: (event) => ({
      name: nameOf(event),
      tags: event.data.tags ?? {},
      description: event.data.description ?? null,
    }),
  },
  "modelyard.version.created": {
    entity: "model_version",
    action: "created",
    data: (event) => ({
      ...versionOf(event),
      source: event.data.source ?? "",
      run_id: event.data.runId ?? null,
      tags: event.data.tags ?? {},
      description: event.data.description ?? null,
    }),
  },
  "modelyard.version.tag.set": {
    entity: "model_version_tag",
    action: "set",
    data: (event) => ({ ...versionOf(event), key: event.data.key, value: event.data.value }),
  },
  "modelyard.version.tag.removed": {
    entity: "model_version_tag",
    action: "deleted",
    data: (event) => ({ ...versionOf(event), key: event.data.key }),
  },
  "modelyard.alias.set": {
    entity: "model_version_alias",
    action: "created",
    data: (event) => ({ name: nameOf(event), alias: event.data.alias, version: String(event.data.version) }),
  },
  "modelyard.alias.removed": {
    entity: "model_version_alias",
    action: "deleted",
    data: (event) => ({ name: nameOf(event), alias: event.data.alias }),
  },
} satisfies Partial<Record<EventType, Translation>>;

/** The name in `models/<name>…`. */
const nameOf = ({ subject }: Told): string => subject.split("/")[1] ?? "";

/** Name and version of `models/<name>/versions/<n>`; MLflow writes a version as text. */
const versionOf = (event: Told) => ({
  name: nameOf(event),
  version: event.subject.split("/")[3] ?? String(event.data.version),
});

/** Whether MLflow knows an event of this type. */
export const isKnownToMlflow = (type: string): boolean => translations[type] !== undefined;

/** An event as MLflow sends it: six types are known there, any other gives undefined. */
export function mlflowPayload(event: Told & Pick<StoredEvent, "at">): Record<string, unknown> | undefined {
  const translation = translations[event.type];
  if (translation === undefined) return undefined;
  const { entity, action, data } = translation;
  return { entity, action, timestamp: new Date(event.at).toISOString(), data: data(event) };
}
