import type { LabelOutcome } from "../../contract/labels.ts";
import type { Db } from "../../kernel/db.ts";
import { erasedAmong } from "../collect/rows/tombstones.ts";
import { labelsOf, type OneLabel, putLabels } from "./rows.ts";

const batchSize = 500;

/**
 * Writes labels by 500 in a transaction each; the last of a row of a request wins. The same again changes nothing, so what broke
 * off is told again as a whole. Labels of erased requests are counted and not kept; gives the others too.
 */
export async function storeLabels(
  db: Db,
  service: string,
  labels: readonly OneLabel[],
  who: { by: string; at: number },
): Promise<{ stored: Stored; kept: OneLabel[] }> {
  let stored = nothingStored;
  const kept: OneLabel[] = [];
  for (let start = 0; start < labels.length; start += batchSize) {
    const batch = labels.slice(start, start + batchSize);
    await db.transaction(async (tx) => {
      const isErased = await erasedAmong(tx, [{ service, ids: batch.map(({ id }) => id) }]);
      const left = isErased === undefined ? batch : batch.filter(({ id }) => !isErased(id, service));
      const written = await storeBatch(tx, service, left, who);
      stored = sumOf(stored, { ...written, erased: batch.length - left.length });
      kept.push(...left);
    });
  }
  return { stored, kept };
}

export type Stored = Pick<LabelOutcome, "added" | "changed" | "unchanged" | "erased">;
export const nothingStored: Stored = { added: 0, changed: 0, unchanged: 0, erased: 0 };
export const sumOf = (a: Stored, b: Stored): Stored => ({
  added: a.added + b.added,
  changed: a.changed + b.changed,
  unchanged: a.unchanged + b.unchanged,
  erased: a.erased + b.erased,
});

async function storeBatch(
  tx: Db,
  service: string,
  batch: readonly OneLabel[],
  who: { by: string; at: number },
): Promise<Stored> {
  const ids = [...new Set(batch.map(({ id }) => id))];
  const keyOf = ({ id, row }: OneLabel) => `${row} ${id}`;
  const there = new Map((await labelsOf(tx, service, ids)).map((label) => [keyOf(label), label]));
  const outcome = { ...nothingStored };
  const writes = new Map<string, OneLabel>();
  for (const label of batch) {
    const before = there.get(keyOf(label));
    const same = before?.value === label.value && (label.at === null || before.at === label.at);
    if (before === undefined) outcome.added += 1;
    else if (same) outcome.unchanged += 1;
    else outcome.changed += 1;
    if (same) continue;
    writes.set(keyOf(label), label);
    there.set(keyOf(label), label);
  }
  await putLabels(tx, service, [...writes.values()], who);
  return outcome;
}
