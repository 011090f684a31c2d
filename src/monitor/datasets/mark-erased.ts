import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import type { BlobStore } from "../../register/ports.ts";
import { isBlobUsed } from "../../register/rows/blobs.ts";
import type { RecordEraser } from "../collect/consumer.ts";
import { erasedWithBytes, eraseFromDatasets, setBytesGone } from "./rows.ts";

const idsAtOnce = 1000;

/**
 * In the transaction that erases records: every data set that holds one of them is `erased` from now on, and what is being built is
 * built again. Gives the references of those. Their bytes go with `removeErasedBytes` after the commit.
 */
export async function markErased(
  tx: Db,
  { service, ids }: { service: string; ids: readonly string[] },
  { by, at }: { by: string; at: number },
): Promise<string[]> {
  const references: string[] = [];
  for (let start = 0; start < ids.length; start += idsAtOnce)
    for (const { name, digest, reference } of await eraseFromDatasets(
      tx,
      { service, ids: ids.slice(start, start + idsAtOnce) },
      at,
    )) {
      const data = { name, digest, service };
      await emit(tx, { type: "modelyard.dataset.erased", subject: `datasets/${name}`, data, actor: by, at });
      references.push(reference);
    }
  return references;
}

/** Removes the bytes of erased data sets, unless something else names the same. Run after an erasure, and at intervals for what a crash left. */
export async function removeErasedBytes({ db, blobs }: { db: Db; blobs: BlobStore }): Promise<void> {
  for (const { number, digest } of await erasedWithBytes(db)) {
    if (!(await isBlobUsed(db, digest))) await blobs.remove(digest, Number.POSITIVE_INFINITY);
    await setBytesGone(db, number);
  }
}

/** Data sets that hold an erased record go with it. */
export const datasetEraser = (ports: { db: Db; blobs: BlobStore }): RecordEraser => ({
  erased: async (tx, records, change) => {
    const datasets: string[] = [];
    for (const service of new Set(records.map((record) => record.service))) {
      const those = records.filter((record) => record.service === service);
      const called = new Set(those.map(({ id, correlation_id }) => correlation_id ?? id));
      datasets.push(...(await markErased(tx, { service, ids: [...called] }, change)));
    }
    return { datasets };
  },
  finish: () => removeErasedBytes(ports),
});
