import type { WantedRevision } from "../../contract/host.ts";
import { newSecret } from "../../kernel/ids.ts";
import type { CollectedTables } from "../engines/worker-connection.ts";
import type { Spool } from "../spool.ts";

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

export interface CollectingPorts {
  spool: Pick<Spool, "append" | "drop">;
  /** Whether the service keeps what is collected. */
  isOn(service: string): boolean;
  /** The port on loopback where azureml-ai-monitoring posts. */
  port(): number;
}

/** Characters of a name or an id; the rest is cut. */
const longest = 200;

export function makeCollecting({ spool, isOn, port }: CollectingPorts): Collecting {
  const sources = new Map<string, { service: string; revision: WantedRevision }>();
  const keep = (service: string, revision: WantedRevision, table: Table) => {
    if (isOn(service))
      spool.append(() => ({ head: headOf(service, revision, table), body: table.body, answer: nothing }));
  };
  return {
    enter: (service, revision) => {
      const token = newSecret("mdc");
      sources.set(token, { service, revision });
      return {
        environment: sidecarEnvironment(token, port()),
        take: ({ tables, dropped }) => {
          for (const { head, body } of tables) keep(service, revision, tableOf(head, body));
          if (isOn(service)) for (const [reason, count] of Object.entries(dropped)) spool.drop(reason, count);
        },
        leave: () => void sources.delete(token),
      };
    },
    takeFrom: (token, table) => {
      const source = sources.get(token);
      if (source === undefined) return false;
      keep(source.service, source.revision, table);
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
