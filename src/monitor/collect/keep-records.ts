import type { Db } from "../../kernel/db.ts";
import { packEntries } from "./pack.ts";
import { insertPack, takeSequences } from "./rows/packs.ts";
import type { SpooledEntry } from "./spooled-entries.ts";

/** Keeps entries as records under the next sequence numbers, in the order they came: those of one image in one pack. */
export async function keepRecords(tx: Db, entries: readonly SpooledEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const batch = await takeSequences(tx, entries.length);
  for (const group of groupsOf(entries)) await keepGroup(tx, batch, group);
}

/** Entries of one image, and the place of each in the batch. */
interface Group {
  entries: SpooledEntry[];
  places: number[];
}

function groupsOf(entries: readonly SpooledEntry[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  let last: Group | undefined;
  for (const [place, entry] of entries.entries()) {
    // most come to the same as the one before
    if (last === undefined || !isAlike(last.entries[0] as SpooledEntry, entry)) {
      const { service, revision, image } = entry.head;
      const key = `${revision} ${image} ${service}`;
      last = groups.get(key) ?? { entries: [], places: [] };
      groups.set(key, last);
    }
    last.entries.push(entry);
    last.places.push(place);
  }
  return groups.values();
}

const isAlike = ({ head: a }: SpooledEntry, { head: b }: SpooledEntry): boolean =>
  a.service === b.service && a.revision === b.revision && a.image === b.image;

async function keepGroup(tx: Db, batch: number, { entries, places }: Group): Promise<void> {
  const heads = entries.map(({ head }) => head);
  const { service, revision, image } = heads[0] as SpooledEntry["head"];
  const times = heads.map(({ at }) => at);
  const pack = {
    ...{ service, revision, image, batch },
    ...{ first_sequence: batch + (places[0] as number), last_sequence: batch + (places.at(-1) as number) },
    ...{ first_at: times.reduce((a, b) => Math.min(a, b)), last_at: times.reduce((a, b) => Math.max(a, b)) },
    statuses: ` ${[...new Set(heads.map(({ status }) => status))].join(" ")} `,
    records: entries.length,
    entries: packEntries(entries, places),
  };
  await insertPack(tx, pack, {
    own: heads.map(({ id }) => id),
    correlation: heads.map(({ correlationId }) => correlationId ?? null),
    trace: heads.map(({ traceId }) => traceId ?? null),
  });
}
