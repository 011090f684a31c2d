import type { WantedRevision } from "../../contract/host.ts";
import { newSecret } from "../../kernel/ids.ts";
import type { Redactor } from "../../records/redact/redactor.ts";
import type { CollectedTables } from "../engines/worker-connection.ts";
import type { Spool } from "../spool.ts";
import { redactCollected } from "./redact-collected.ts";

/** A table on its way to the spool, from a worker's frames or from the port of azureml-ai-monitoring. */
export interface Table {
  /** Null: the model of the revision, when it has one. */
  model: { name: string; version: string } | null;
  collection: string;
  requestId: string | null;
  correlationId: string | null;
  /** Epoch ms. */
  at: number;
  format: "table" | "records" | "text";
  body: Uint8Array;
}

/** A worker as a source of tables. */
export interface Collector {
  /** Variables that tell scripts of Azure ML where to send what they collect. */
  environment: Record<string, string>;
  take(collected: CollectedTables): void;
  /** The worker is gone; nobody else may use its token. */
  leave(): void;
}

/** What scripts collect, on its way to the spool. Nothing here waits or fails. */
export interface Collecting {
  enter(service: string, revision: WantedRevision): Collector;
  /** Files a table under the worker that has this token; false for a token that none has. */
  takeFrom(token: string, table: Table): boolean;
  knows(token: string): boolean;
}

export interface CollectRules {
  /** Whether the service keeps what is collected. */
  isOn: boolean;
  /** The rules of its columns; undefined when it has none, null when their key is not there. */
  redactor: Redactor | null | undefined;
}

export interface CollectingPorts {
  spool: Pick<Spool, "append" | "drop">;
  /** Undefined when the service is not there any more. */
  rulesOf(service: string): CollectRules | undefined;
  /** The port on loopback where azureml-ai-monitoring posts. */
  port(): number;
}

interface Source {
  service: string;
  revision: WantedRevision;
  rules: CollectRules;
}

/** Characters of a name or an id; the rest is cut. */
const longest = 200;

export function makeCollecting({ spool, rulesOf, port }: CollectingPorts): Collecting {
  const sources = new Map<string, Source>();
  // what a worker collected until its service was removed comes after that: the last rules hold
  const rulesNow = (source: Source): CollectRules => {
    source.rules = rulesOf(source.service) ?? source.rules;
    return source.rules;
  };
  const keep = (source: Source, table: Table) => {
    const { isOn, redactor } = rulesNow(source);
    const { service, revision } = source;
    if (!isOn) return;
    if (redactor === null) return spool.drop("no-record-key", 1);
    const body = redactor === undefined ? table.body : redactCollected(table, redactor);
    if (body === null) return spool.drop("not-redactable", 1);
    spool.append(() => ({ head: headOf(service, revision, { ...table, body }), body, answer: nothing }));
  };
  return {
    enter: (service, revision) => {
      const token = newSecret("mdc");
      const source: Source = { service, revision, rules: { isOn: true, redactor: undefined } };
      rulesNow(source);
      sources.set(token, source);
      return {
        environment: sidecarEnvironment(token, port()),
        take: ({ tables, dropped }) => {
          for (const { head, body } of tables) keep(source, tableOf(head, body));
          if (rulesNow(source).isOn) for (const [reason, count] of Object.entries(dropped)) spool.drop(reason, count);
        },
        leave: () => void sources.delete(token),
      };
    },
    takeFrom: (token, table) => {
      const source = sources.get(token);
      if (source === undefined) return false;
      keep(source, table);
      return true;
    },
    knows: (token) => sources.has(token),
  };
}

const nothing = new Uint8Array(0);

/**
 * azureml-ai-monitoring 1.0.0 puts the host into a URL, and its HTTP library sends what stands before the @ there as Basic
 * authorization: so a token tells the workers apart. Without a configuration file every collection is enabled.
 */
const sidecarEnvironment = (token: string, port: number) => ({
  AZUREML_MDC_ENABLED: "true",
  AZUREML_MDC_HOST: `${token}:@127.0.0.1`,
  AZUREML_MDC_PORT: String(port),
});

function tableOf(
  { id, model, version, collection, correlation, at }: CollectedTables["tables"][number]["head"],
  body: Buffer,
): Table {
  return {
    model: { name: model, version },
    collection,
    requestId: id,
    correlationId: correlation,
    at,
    format: "table",
    body,
  };
}

function headOf(service: string, revision: WantedRevision, table: Table) {
  const { format, body, at } = table;
  const [only, ...others] = revision.models;
  const own = only !== undefined && others.length === 0 ? { name: only.name, version: String(only.version) } : null;
  const model = table.model ?? own;
  const cut = (text: string | null) => (text === null ? null : String(text).slice(0, longest));
  return {
    kind: "collected" as const,
    service,
    revision: revision.number,
    model: cut(model?.name ?? null),
    version: cut(model?.version ?? null),
    collection: cut(table.collection) ?? "",
    requestId: cut(table.requestId),
    correlationId: cut(table.correlationId),
    at: Number.isSafeInteger(at) ? at : 0,
    format,
    bodyBytes: body.length,
    answerBytes: 0 as const,
  };
}
