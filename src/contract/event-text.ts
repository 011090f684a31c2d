import type { EventType } from "./events.ts";

type Data = Record<string, unknown>;

/** What each event says to people; `{member}` is a member of its data. */
const sentences: Record<EventType, string | ((data: Data) => string)> = {
  "modelyard.model.created": "Model {name} made",
  "modelyard.model.updated": "Model {name} changed",
  "modelyard.model.deleted": "Model {name} deleted with all its versions",
  "modelyard.model.tag.set": "Model {name} tagged {key}: {value}",
  "modelyard.model.tag.removed": "Tag {key} of model {name} removed",
  "modelyard.version.created": "{name}:{version} registered",
  "modelyard.version.updated": "{name}:{version} described anew",
  "modelyard.version.deleted": "{name}:{version} deleted",
  "modelyard.version.archived": "{name}:{version} archived",
  "modelyard.version.restored": "{name}:{version} restored",
  "modelyard.version.files.attached": "{name}:{version} got its files",
  "modelyard.version.tag.set": "{name}:{version} tagged {key}: {value}",
  "modelyard.version.tag.removed": "Tag {key} of {name}:{version} removed",
  "modelyard.version.stage.changed": "{name}:{version} moved to stage {to}",
  "modelyard.alias.set": "Alias {alias} of {name} set to version {version}",
  "modelyard.alias.removed": "Alias {alias} of {name} removed",
  "modelyard.image.created": naming("Image {digest}", " of {models}", " built"),
  "modelyard.image.deleted": "Image {digest} deleted",
  "modelyard.service.deployed": naming("Service {service} deployed", " with {models}"),
  "modelyard.service.updated": naming("Service {service} updated to revision {revision}", " with {models}"),
  "modelyard.service.rolled-back": naming("Service {service} rolled back", " to {models}", " as revision {revision}"),
  "modelyard.service.stopped": "Service {service} stopped",
  "modelyard.service.started": "Service {service} started",
  "modelyard.service.deleted": "Service {service} deleted",
  "modelyard.service.key-regenerated": "A key of service {service} replaced",
  "modelyard.alert.created": "Alert {alert} made: {when}",
  "modelyard.alert.deleted": "Alert {alert} deleted",
  "modelyard.alert.silenced": ({ until }) =>
    typeof until === "number" ? `Alert {alert} silenced until ${momentText(until)}` : "Alert {alert} tells again",
  "modelyard.alert.pending": "Alert {alert} pending on {service}: {text}",
  "modelyard.alert.passed": "Alert {alert} passed on {service}: {text}",
  "modelyard.alert.firing": "Alert {alert} firing on {service}: {text}",
  "modelyard.alert.resolved": "Alert {alert} resolved on {service}: {text}",
  "modelyard.dataset.created": "Data set {name} made of {rows} rows",
  "modelyard.dataset.deleted": "Data set {name} deleted",
  "modelyard.dataset.erased": "Data set {name} erased",
  "modelyard.baseline.set": "Baseline of service {service} set",
  "modelyard.baseline.removed": "Baseline of service {service} removed",
  "modelyard.drift.began": "Drift of {column} began on {service}",
  "modelyard.drift.ended": "Drift of {column} ended on {service}",
  "modelyard.token.created": "Token {name} made with role {role}",
  "modelyard.token.revoked": "Token {name} revoked",
  "modelyard.webhook.created": "Webhook {name} made",
  "modelyard.webhook.updated": "Webhook {name} changed",
  "modelyard.webhook.deleted": "Webhook {name} deleted",
};

/** An event in words. Of a type that this program does not know yet, its type and what it happened to. */
export function eventText({ type, subject, data }: { type: string; subject: string; data: Data }): string {
  const known = (sentences as Record<string, (typeof sentences)[EventType] | undefined>)[type];
  if (known === undefined) return `${type.replace(/^modelyard\./, "")}: ${subject}`;
  const sentence = typeof known === "string" ? known : known(data);
  return sentence.replace(/\{(\w+)\}/g, (_, member: string) => valueText(data[member]));
}

/** A server of its own answers without a model: what would name the models is left out then. */
function naming(before: string, models: string, after = "") {
  return (data: Data) => `${before}${Array.isArray(data.models) && data.models.length === 0 ? "" : models}${after}`;
}

/** In UTC: readers of a chat are in many zones. */
const momentText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function valueText(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (Array.isArray(value)) return value.join(", ");
  const text = String(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}
