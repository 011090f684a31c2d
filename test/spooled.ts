import type { Db } from "../src/kernel/db.ts";
import { keepPacks, makePacks } from "../src/monitor/collect/make-packs.ts";
import { encodeEntry } from "../src/monitor/collect/pack.ts";
import {
  type CollectedEntry,
  everyEntry,
  isCollectedEntry,
  type SpooledEntry,
  wholeEntries,
} from "../src/monitor/collect/spooled-entries.ts";

/** What a segment holds. */
export function entriesIn(data: Buffer): { entries: SpooledEntry[]; collected: CollectedEntry[] } {
  const entries: SpooledEntry[] = [];
  const collected: CollectedEntry[] = [];
  for (const entry of everyEntry(data.subarray(0, wholeEntries(data))))
    if (entry !== undefined && isCollectedEntry(entry)) collected.push(entry);
    else if (entry !== undefined) entries.push(entry);
  return { entries, collected };
}

/** Keeps records that came together, in batches of so many bytes. */
export async function keepRecords(
  tx: Db,
  entries: readonly Omit<SpooledEntry, "bytes">[],
  batchBytes?: number,
): Promise<void> {
  const packs = makePacks(batchBytes);
  for (const entry of entries) packs.add({ ...entry, bytes: encodeEntry(entry) });
  await keepPacks(tx, packs.finish());
}
