import type { WantedRevision } from "../../contract/host.ts";
import { newSecret } from "../../kernel/ids.ts";
import { decodeCollected, encodeCollected } from "../../records/collected-table.ts";
import { type Redactor, redactTable } from "../../records/redact/redactor.ts";
import type { CollectedTables } from "../engines/worker-connection.ts";
import type { LostReason, Recorder } from "../keep-record.ts";
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
  /** Whether a table came from azureml-ai-monitoring within the last second. */
  isSending(): boolean;
  /** The worker is gone; nobody else may use its token. */
  leave(): void;
}

/** What scripts collect, on its way to the spool. Nothing here waits or fails. */
export interface Collecting {
  enter(service: string, revision: WantedRevision): Collector;
  /** Files a table under the worker that has this token; false for a token that none has. */
  takeFrom(token: string, table: Table): boolean;
  knows(token: string): boolean;
  /** A request of which no record is made: nothing that a script collects of it is kept either. */
  leaveOut(requestId: string): void;
}

/** What a service says of what its scripts collect. */
export interface CollectingRule {
  isOn: boolean;
  redactor: Recorder["redactor"];
}

export interface CollectingPorts {
  spool: Pick<Spool, "append" | "drop">;
  /** Undefined for a service that is gone. */
  ruleOf(service: string): CollectingRule | undefined;
  /** The port on loopback where azureml-ai-monitoring posts. */
  port(): number;
}

/** Characters of a name or an id; the rest is cut. */
const longest = 200;
/** Ids that are remembered: each new revision is asked its sample once, and its tables follow within seconds. */
const mostLeftOut = 1000;

export function makeCollecting({ spool, ruleOf, port }: CollectingPorts): Collecting {
  const sources = new Map<string, (table: Table) => void>();
  const leftOut = new Set<string>();
  return {
    enter: (service, revision) => {
      const token = newSecret("mdc");
      // workers that finish when their service is gone go by what it said at last
      let last: CollectingRule = { isOn: false, redactor: null };
      const rule = () => {
        last = ruleOf(service) ?? last;
        return last;
      };
      rule();
      const keep = (table: Table) => {
        const { isOn, redactor } = rule();
        if (!isOn || (table.requestId !== null && leftOut.has(table.requestId))) return;
        const redacted = redactor === undefined ? table : redactedTable(table, redactor);
        if (typeof redacted === "string") return spool.drop(redacted, 1);
        spool.append(() => ({ head: headOf(service, revision, redacted), body: redacted.body, answer: nothing }));
      };
      let sentAt = Number.NEGATIVE_INFINITY;
      sources.set(token, (table) => {
        sentAt = performance.now();
        keep(table);
      });
      return {
        environment: sidecarEnvironment(token, port()),
        take: ({ tables, dropped }) => {
          for (const { head, body } of tables) keep(tableOf(head, body));
          if (rule().isOn) for (const [reason, count] of Object.entries(dropped)) spool.drop(reason, count);
        },
        isSending: () => performance.now() - sentAt < 1000,
        leave: () => void sources.delete(token),
      };
    },
    takeFrom: (token, table) => {
      const keep = sources.get(token);
      keep?.(table);
      return keep !== undefined;
    },
    knows: (token) => sources.has(token),
    leaveOut: (requestId) => {
      leftOut.add(requestId);
      const [oldest] = leftOut;
      if (leftOut.size > mostLeftOut && oldest !== undefined) leftOut.delete(oldest);
    },
  };
}

const nothing = new Uint8Array(0);
/** Bytes of a table that is read before it is written: reading takes the time of other requests. */
const longestRead = 1 << 20;

/** Whether a column is the script's, and not one of ModelDataCollector's correlations. */
const isOwn = (column: string) => !column.startsWith("$aml_");

/** The field rules of records hold for columns of the same name here; why it is not kept, where they cannot be applied. */
function redactedTable(table: Table, redactor: Redactor | null): Table | LostReason {
  if (redactor === null) return "no-record-key";
  const decoded = table.body.length > longestRead ? null : decodeCollected(table.format, table.body);
  if (decoded === null || !redactor.canTell({ ...decoded, columns: decoded.columns.filter(isOwn) }))
    return "not-redactable";
  return { ...table, format: "table", body: Buffer.from(encodeCollected(redactTable(decoded, redactor))) };
}

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
