import type { Db } from "../../kernel/db.ts";
import { packEntries } from "./pack.ts";
import { insertPack, type PackIds, type PackRow, takeSequences } from "./rows/packs.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/** A pack on its way to the database: its sequence numbers count from the batch, which has none yet. */
export type NewPack = PackRow & { batch: 0; entries: Buffer; ids: PackIds };

/** Makes packs of the entries of a batch, in the order they come: those of one image in one pack. */
export function makePacks() {
  const groups = new Map<string, Group>();
  let last: Group | undefined;
  let next = 0;
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
    },
    finish: (): NewPack[] => [...groups.values()].map((group) => group.finish()),
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
    finish: (): NewPack => ({
      ...{ service, revision, image, batch: 0, ids },
      ...{ first_sequence: places[0] as number, last_sequence: places.at(-1) as number },
      ...{ first_at: firstAt, last_at: lastAt },
      statuses: ` ${[...statuses].join(" ")} `,
      records: places.length,
      entries: packEntries(entries, places),
    }),
  };
}

/** Keeps packs of one batch under the next sequence numbers. */
export async function keepPacks(tx: Db, packs: readonly NewPack[]): Promise<void> {
  if (packs.length === 0) return;
  const batch = await takeSequences(
    tx,
    packs.reduce((sum, { records }) => sum + records, 0),
  );
  for (const { ids, first_sequence, last_sequence, ...pack } of packs) {
    const sequences = { first_sequence: batch + first_sequence, last_sequence: batch + last_sequence };
    await insertPack(tx, { ...pack, ...sequences, batch }, ids);
  }
}
