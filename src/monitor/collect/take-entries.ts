import type { Db } from "../../kernel/db.ts";
import { fileCollected } from "../collections/file-collected.ts";
import type { MonitorPorts } from "../ports.ts";
import type { RecordConsumer } from "./consumer.ts";
import { ConsumerFailed, gatherEntries, writeGathered } from "./gather-entries.ts";
import { keepRecords } from "./keep-records.ts";
import { countDrops } from "./rows/drops.ts";
import { setSpoolPosition } from "./rows/spool.ts";
import { readTombstones } from "./rows/tombstones.ts";
import type { FoundEntries, SpooledEntry } from "./spooled-entries.ts";

export interface IngestPorts extends Omit<MonitorPorts, "files"> {
  /** What is called with all that is taken over, in this order. */
  consumers: readonly RecordConsumer[];
  /** Does what `gatherEntries` does with the whole entries of a part of a segment, in another thread. */
  gatherElsewhere?: (part: Buffer) => Promise<unknown[]>;
}

/** Where a host's spool is read up to. */
interface Reached {
  host: string;
  segment: number;
  end: number;
}

/**
 * Records, what consumers make of them and the new position are written in one transaction: nothing is taken twice and nothing is left out. A record that makes
 * a consumer fail is kept without it, so that it holds up nothing behind it; a failure of the database is thrown. What consumers made of all the entries elsewhere
 * is `ahead`; undefined when nobody did, or could not.
 */
export async function takeEntries(
  ports: IngestPorts,
  reached: Reached,
  found: FoundEntries,
  ahead?: Promise<unknown[] | undefined>,
): Promise<void> {
  const { db, consumers, log, spool } = ports;
  const { entries } = found;
  try {
    // the segment has what was erased: with a new one it is removed
    if (await take(db, consumers, reached, found, ahead)) await spool.flush({ rotate: true });
  } catch (error) {
    if (!(error instanceof ConsumerFailed)) throw error;
    const half = Math.floor(entries.length / 2);
    if (half > 0) {
      const end = (entries[half - 1] as SpooledEntry).end;
      await takeEntries(ports, { ...reached, end }, { ...upTo(found, end), unreadable: 0 });
      await takeEntries(ports, reached, behind(found, end));
      return;
    }
    logBug(log, entries[0]?.head.id, error);
    await take(db, [], reached, found);
  }
}

const upTo = ({ entries, collected, unreadable }: FoundEntries, end: number): FoundEntries => ({
  entries: entries.filter((entry) => entry.end <= end),
  collected: collected.filter((entry) => entry.end <= end),
  unreadable,
});
const behind = ({ entries, collected, unreadable }: FoundEntries, end: number): FoundEntries => ({
  entries: entries.filter((entry) => entry.end > end),
  collected: collected.filter((entry) => entry.end > end),
  unreadable,
});

async function take(
  db: Db,
  consumers: readonly RecordConsumer[],
  { host, segment, end }: Reached,
  found: FoundEntries,
  ahead?: Promise<unknown[] | undefined>,
): Promise<boolean> {
  // before the transaction, as others wait for its end
  const gathered = (await ahead) ?? (await gatherEntries(db, consumers, found.entries));
  return db.transaction(async (tx) => {
    const { entries, collected, unreadable, hasErased } = withoutErased(found, await readTombstones(tx));
    await keepEntries(tx, entries);
    await writeGathered(tx, consumers, hasErased ? await gatherEntries(tx, consumers, entries) : gathered);
    await fileCollected(tx, collected);
    if (unreadable > 0) await countDrops(tx, { unreadable });
    await setSpoolPosition(tx, host, segment, end);
    return hasErased;
  });
}

/** Nothing of what was erased is kept; a request counts as one. */
function withoutErased(found: FoundEntries, isErased: IsErased | undefined): FoundEntries & { hasErased: boolean } {
  if (isErased === undefined) return { ...found, hasErased: false };
  let hasErased = false;
  const isGone = (service: string, ids: readonly (string | null | undefined)[]): boolean => {
    const gone = ids.some((id) => typeof id === "string" && isErased(id, service));
    hasErased ||= gone;
    return gone;
  };
  return {
    ...found,
    entries: found.entries.map((entry) => {
      const { id, correlationId, service } = entry.head;
      return isGone(service, [id, correlationId]) ? emptied(entry) : entry;
    }),
    collected: found.collected.filter(({ head }) => !isGone(head.service, [head.requestId, head.correlationId])),
    hasErased,
  };
}

type IsErased = Exclude<Awaited<ReturnType<typeof readTombstones>>, undefined>;

function emptied({ head, end }: SpooledEntry): SpooledEntry {
  const { correlationId: _, ...rest } = head;
  return { head: { ...rest, kept: false }, body: Buffer.alloc(0), answer: Buffer.alloc(0), end };
}

const keepEntries = (tx: Db, entries: readonly SpooledEntry[]): Promise<void> =>
  keepRecords(
    tx,
    entries.filter(({ head }) => head.kept),
  );

/**
 * Does work that keeps a record which is in no spool, in one transaction. When the record makes a consumer fail, the work is done once
 * more, and the record kept without them.
 */
export async function keepOne<Result>(
  { db, consumers, log }: Pick<IngestPorts, "db" | "log" | "consumers">,
  id: string,
  work: (tx: Db, keep: (entry: SpooledEntry) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const run = (told: readonly RecordConsumer[]) =>
    db.transaction(async (tx) => {
      const isErased = await readTombstones(tx);
      const keep = async (entry: SpooledEntry) => {
        const { entries } = withoutErased({ entries: [entry], collected: [], unreadable: 0 }, isErased);
        await keepEntries(tx, entries);
        await writeGathered(tx, told, await gatherEntries(tx, told, entries));
      };
      return work(tx, keep);
    });
  try {
    return await run(consumers);
  } catch (error) {
    if (!(error instanceof ConsumerFailed)) throw error;
    logBug(log, id, error);
    return run([]);
  }
}

function logBug(log: IngestPorts["log"], id: string | undefined, { cause }: ConsumerFailed): void {
  log.error({ id, error: cause instanceof Error ? cause.stack : String(cause) }, "a record met a bug");
}
