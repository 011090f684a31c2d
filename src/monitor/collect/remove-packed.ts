import type { Db } from "../../kernel/db.ts";
import type { ErasedRecord } from "./consumer.ts";
import { goesBy, idsOf } from "./matches.ts";
import { openPack } from "./pack.ts";
import {
  deleteIds,
  entriesOf,
  findPack,
  oldPacks,
  type PackRow,
  packsBetween,
  placesOf,
  shrinkPack,
} from "./rows/packs.ts";

type Packed = ErasedRecord & { trace_id: string | null };

/** Records of one revision on their way to a file: of these sequences and this time. */
export interface RecordSpan {
  service: string;
  revision: number;
  firstSequence: number;
  lastSequence: number;
  sinceMs: number;
  untilMs: number;
}

/** Removes what went to a file. Gives how many went. */
export async function removeSpan(tx: Db, span: RecordSpan): Promise<number> {
  const { firstSequence, lastSequence, sinceMs, untilMs } = span;
  const isOfSpan = ({ sequence, at }: Packed) =>
    sequence >= firstSequence && sequence <= lastSequence && at >= sinceMs && at < untilMs;
  let removed = 0;
  for (const row of await packsBetween(tx, span, firstSequence, lastSequence))
    removed += (await removeFrom(tx, row, isOfSpan)).length;
  return removed;
}

/** Removes the records of a request id or a correlation id, and gives them. */
export async function removeOfId(tx: Db, id: string, service: string | undefined): Promise<ErasedRecord[]> {
  const isOfId = (record: Packed) => goesBy(record, id);
  const removed: Packed[] = [];
  for (const pack of new Set((await placesOf(tx, [id], 0)).map((one) => one.pack))) {
    const row = await findPack(tx, pack);
    if (row !== undefined && (service === undefined || row.service === service))
      removed.push(...(await removeFrom(tx, row, isOfId)));
  }
  return removed.map(({ trace_id, ...record }) => record);
}

/** Removes packs of a service that have nothing younger than a moment. Gives how many records went. */
export async function removeOld(db: Db, service: string, olderThanMs: number): Promise<number> {
  let removed = 0;
  for (const row of await oldPacks(db, service, olderThanMs))
    removed += (await db.transaction((tx) => removeFrom(tx, row, () => true))).length;
  return removed;
}

/** What is left stays where it was, between zeros. Heads say all that is asked: bodies are left alone. */
async function removeFrom(tx: Db, row: PackRow, isGone: (record: Packed) => boolean): Promise<Packed[]> {
  const entries = await entriesOf(tx, row);
  if (entries === undefined) return [];
  const pack = openPack(entries);
  const { service } = row;
  const gone = new Map<number, Packed>();
  let left = 0;
  for (const [index, place] of pack.places.entries()) {
    const head = pack.headAt(index);
    if (head === undefined) continue;
    const { id, at, correlationId = null, traceId = null } = head;
    const packed = { id, correlation_id: correlationId, trace_id: traceId, service, sequence: row.batch + place, at };
    if (isGone(packed)) gone.set(index, packed);
    else left += 1;
  }
  if (gone.size === 0) return [];
  await shrinkPack(tx, row, left === 0 ? undefined : { records: left, entries: pack.without(gone.keys()) });
  const ids = [...gone].flatMap(([index, record]) => idsOf(record).map((id) => [id, index] as const));
  await deleteIds(tx, row, ids);
  return [...gone.values()];
}
