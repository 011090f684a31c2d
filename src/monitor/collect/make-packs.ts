import type { Db } from "../../kernel/db.ts";
import { packEntries } from "./pack.ts";
import { insertPack, type PackIds, type PackRow, takeSequences } from "./rows/packs.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/** A pack on its way to the database: its batch counts from the first entry of all, its sequence numbers from the batch. */
export type NewPack = PackRow & { entries: Buffer; ids: PackIds };

/** Bytes of the entries of a batch: who reads one record reads its pack. */
const batchBytes = 256 * 1024;

/** Makes packs of entries, in the order they come: those of one image in one pack, batch by batch. */
export function makePacks(mostBytes = batchBytes) {
  const groups = new Map<string, Group>();
  const done: NewPack[] = [];
  let last: Group | undefined;
  let [batch, next, bytes] = [0, 0, 0];
  const endBatch = () => {
    for (const group of groups.values()) done.push(group.finish(batch));
    groups.clear();
    last = undefined;
    [batch, next, bytes] = [batch + next, 0, 0];
  };
  return {
    /** An entry that is kept. */
    add(entry: SpooledEntry): void {
      // most come to the same as the one before
      if (last === undefined || !last.takes(entry)) {
        const { service, revision, image } = entry.head;
        const key = `${revision} ${image} ${service}`;
        last = groups.get(key) ?? makeGroup(entry);
        groups.set(key, last);
      }
      last.add(entry, next);
      next += 1;
      bytes += entry.bytes.length;
      if (bytes >= mostBytes) endBatch();
    },
    finish: (): NewPack[] => {
      endBatch();
      return done;
    },
  };
}

type Group = ReturnType<typeof makeGroup>;

function makeGroup({ head: { service, revision, image } }: SpooledEntry) {
  const ids: PackIds = { own: [], correlation: [], trace: [] };
  const places: number[] = [];
  const entries: Buffer[] = [];
  const statuses = new Set<number>();
  let [firstAt, lastAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    takes: ({ head }: SpooledEntry): boolean =>
      head.service === service && head.revision === revision && head.image === image,
    add: ({ head, bytes }: SpooledEntry, place: number) => {
      ids.own.push(head.id);
      ids.correlation.push(head.correlationId ?? null);
      ids.trace.push(head.traceId ?? null);
      places.push(place);
      entries.push(bytes);
      statuses.add(head.status);
      firstAt = Math.min(firstAt, head.at);
      lastAt = Math.max(lastAt, head.at);
    },
    finish: (batch: number): NewPack => ({
      ...{ service, revision, image, batch, ids },
      ...{ first_sequence: places[0] as number, last_sequence: places.at(-1) as number },
      ...{ first_at: firstAt, last_at: lastAt },
      statuses: ` ${[...statuses].join(" ")} `,
      records: places.length,
      entries: packEntries(entries, places),
    }),
  };
}

/** Keeps packs under the next sequence numbers. */
export async function keepPacks(tx: Db, packs: readonly NewPack[]): Promise<void> {
  if (packs.length === 0) return;
  const first = await takeSequences(
    tx,
    packs.reduce((sum, { records }) => sum + records, 0),
  );
  for (const { ids, ...pack } of packs) {
    const batch = first + pack.batch;
    const sequences = { first_sequence: batch + pack.first_sequence, last_sequence: batch + pack.last_sequence };
    await insertPack(tx, { ...pack, ...sequences, batch }, ids);
  }
}
