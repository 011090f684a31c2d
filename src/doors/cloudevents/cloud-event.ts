import { ModelyardError } from "../../contract/errors.ts";

/** A CloudEvent 1.0 (https://github.com/cloudevents/spec), with its extensions beside its attributes. */
export interface CloudEvent {
  id: string;
  source: string;
  type: string;
  time: string | undefined;
  datacontenttype: string | undefined;
  extensions: Readonly<Record<string, string>>;
  data: Uint8Array;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An event of a request. */
export interface SentEvent {
  /** As its sender wrote it; undefined when it has none. */
  id: string | undefined;
  /** Error: invalid-input, when it is no CloudEvent. */
  read(): CloudEvent;
}

/** Events of one batch. */
const mostEvents = 10_000;

/** The events of a request: in binary mode, structured mode as JSON, or a batch of those. Error: invalid-input, for what is not JSON, and a batch that is no list or too long. */
export function readCloudEvents(headers: Headers, body: Buffer): SentEvent[] {
  const type = String(headers["content-type"] ?? "")
    .split(";", 1)[0]
    ?.trim()
    .toLowerCase();
  if (type === "application/cloudevents+json") return [sent(parse(body))];
  if (type === "application/cloudevents-batch+json") {
    const events = parse(body);
    if (!Array.isArray(events)) throw wrong("a batch is a JSON list");
    if (events.length > mostEvents) throw wrong(`a batch has at most ${mostEvents} events: send it in parts`);
    return events.map(sent);
  }
  return [{ id: headers["ce-id"]?.toString(), read: () => binary(headers, body) }];
}

function sent(event: unknown): SentEvent {
  const id = (event as { id?: unknown } | null)?.id;
  return { id: typeof id === "string" ? id : undefined, read: () => structured(event) };
}

function binary(headers: Headers, data: Buffer): CloudEvent {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith("ce-") && typeof value === "string") attributes[name.slice(3)] = decoded(value);
  return eventOf({ ...attributes, datacontenttype: headers["content-type"] }, data);
}

/** Headers carry what is not plain ASCII as percent-encoded UTF-8. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function structured(event: unknown): CloudEvent {
  if (typeof event !== "object" || event === null || Array.isArray(event)) throw wrong("an event is a JSON object");
  const { data, data_base64, ...attributes } = event as Record<string, unknown>;
  if (data_base64 !== undefined) return eventOf(attributes, Buffer.from(String(data_base64), "base64"));
  const type = attributes.datacontenttype;
  const isText = typeof data === "string" && typeof type === "string" && !/\bjson\b/i.test(type);
  return eventOf(attributes, Buffer.from(isText ? data : data === undefined ? "" : JSON.stringify(data)));
}

const required = ["specversion", "id", "source", "type"] as const;
const known = new Set<string>([...required, "time", "datacontenttype", "dataschema", "subject"]);

function eventOf(attributes: Readonly<Record<string, unknown>>, data: Uint8Array): CloudEvent {
  const text = (name: string) => (typeof attributes[name] === "string" ? (attributes[name] as string) : undefined);
  const missing = required.filter((name) => !text(name));
  if (missing.length > 0) throw wrong(`this is no CloudEvent: it has no ${missing.join(", ")}`);
  if (!text("specversion")?.startsWith("1.")) throw wrong(`CloudEvents ${text("specversion")} are not read, only 1.0`);
  const others = Object.entries(attributes).filter(([name, value]) => !known.has(name) && value !== undefined);
  return {
    id: text("id") ?? "",
    source: text("source") ?? "",
    type: text("type") ?? "",
    // JSON has null for what is not set
    time: attributes.time === undefined || attributes.time === null ? undefined : String(attributes.time),
    datacontenttype: text("datacontenttype"),
    extensions: Object.fromEntries(others.map(([name, value]) => [name, String(value)])),
    data,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw wrong(`the body is not JSON: ${(error as Error).message}`);
  }
}

const wrong = (problems: string) => new ModelyardError("invalid-input", { problems });
