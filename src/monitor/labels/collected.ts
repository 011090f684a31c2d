import type { Db } from "../../kernel/db.ts";
import type { Table } from "../../records/table.ts";
import { labelsOf, type OneLabel } from "./rows.ts";

/** A record with what it says as columns. */
export interface CollectedRecord {
  id: string;
  /** What the client calls it; its id when it calls it nothing. */
  correlationId: string;
  service: string;
  revision: number;
  /** `name:version` of each. */
  models: string[];
  /** Epoch ms. */
  at: number;
  status: number;
  mirrored: boolean;
  /** Requests it stands for, when its service keeps a sample of them alone; else 1. */
  weight: number;
  inputs: Table | null;
  predictions: Table | null;
  /** Why one of them is null. */
  reason: string | null;
}

export interface RecordRange {
  service: string;
  /** Epoch ms, of the first moment and of the one behind the last. */
  from: number;
  to: number;
}

/** The kept records of a service in a span of time, in any order, whichever tier holds them. */
export type ReadRecords = (range: RecordRange) => AsyncIterable<CollectedRecord>;

const batchSize = 500;

/** Records with their labels by row, whenever those came: joined as they are read, so a late label is never missed. */
export async function* withLabels(
  db: Db,
  service: string,
  records: AsyncIterable<CollectedRecord>,
): AsyncGenerator<{ record: CollectedRecord; labels: Map<number, OneLabel> }> {
  let batch: CollectedRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < batchSize) continue;
    yield* joined(db, service, batch);
    batch = [];
  }
  yield* joined(db, service, batch);
}

async function* joined(db: Db, service: string, batch: readonly CollectedRecord[]) {
  const byId = new Map<string, Map<number, OneLabel>>();
  const ids = new Set(batch.flatMap(({ id, correlationId }) => [id, correlationId]));
  for (const label of await labelsOf(db, service, [...ids])) {
    const rows = byId.get(label.id) ?? new Map<number, OneLabel>();
    byId.set(label.id, rows.set(label.row, label));
  }
  for (const record of batch) {
    const labels = byId.get(record.correlationId) ?? byId.get(record.id) ?? new Map<number, OneLabel>();
    yield { record, labels };
  }
}
