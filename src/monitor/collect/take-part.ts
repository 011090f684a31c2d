import type { Db } from "../../kernel/db.ts";
import { fileCollected } from "../collections/file-collected.ts";
import type { MonitorPorts } from "../ports.ts";
import type { RecordConsumer } from "./consumer.ts";
import { ConsumerFailed, type GatheredPart, gatherPart, idsOfPart, writeConsumed } from "./gather-part.ts";
import { keepPacks } from "./make-packs.ts";
import { encodeEntry } from "./pack.ts";
import { countDrops } from "./rows/drops.ts";
import { setSpoolPosition } from "./rows/spool.ts";
import { erasedAmong } from "./rows/tombstones.ts";
import { everyEntry, halves, isCollectedEntry, type SpooledEntry } from "./spooled-entries.ts";

export interface IngestPorts extends Omit<MonitorPorts, "files"> {
  /** What is called with all that is taken over, in this order. */
  consumers: readonly RecordConsumer[];
  /** Does what `gatherPart` does, in another thread. */
  gatherElsewhere?: (part: Buffer) => Promise<GatheredPart>;
}

/** Whole entries of a host's segment that end at a position. */
export interface SpoolPart {
  host: string;
  segment: number;
  end: number;
  data: Buffer;
}

/**
 * Records, what consumers make of them and the new position are written in one transaction: nothing is taken twice and nothing is left out. A record that makes
 * a consumer fail is kept without it, so that it holds up nothing behind it; a failure of the database is thrown. What the part comes to was gathered elsewhere
 * in `ahead`; undefined when nobody did, or could not.
 */
export async function takePart(
  ports: IngestPorts,
  part: SpoolPart,
  ahead?: Promise<GatheredPart | undefined>,
): Promise<void> {
  const { db, consumers, log, spool } = ports;
  try {
    // the segment has what was erased: with a new one it is removed
    if (await take(db, consumers, part, ahead)) await spool.flush({ rotate: true });
  } catch (error) {
    if (!(error instanceof ConsumerFailed)) throw error;
    const cut = halves(part.data);
    if (cut !== undefined) {
      const [first, second] = cut;
      await takePart(ports, { ...part, data: first, end: part.end - second.length });
      return takePart(ports, { ...part, data: second });
    }
    logBug(log, idOf(part.data), error);
    await take(db, [], part);
  }
}

async function take(
  db: Db,
  consumers: readonly RecordConsumer[],
  { host, segment, end, data }: SpoolPart,
  ahead?: Promise<GatheredPart | undefined>,
): Promise<boolean> {
  // before the transaction, as others wait for its end
  const before = (await ahead) ?? (await gatherPart(db, consumers, data));
  return db.transaction(async (tx) => {
    const gathered = await withoutErased(tx, consumers, data, before);
    await write(tx, consumers, gathered);
    await fileCollected(tx, gathered.collected);
    if (gathered.unreadable > 0) await countDrops(tx, { unreadable: gathered.unreadable });
    await setSpoolPosition(tx, host, segment, end);
    return gathered.hasErased;
  });
}

/** Gathers once more what holds something that was erased. */
async function withoutErased(
  tx: Db,
  consumers: readonly RecordConsumer[],
  data: Buffer,
  gathered: GatheredPart,
): Promise<GatheredPart> {
  const isErased = await erasedAmong(tx, idsOfPart(gathered));
  return isErased === undefined ? gathered : gatherPart(tx, consumers, data, isErased);
}

async function write(tx: Db, consumers: readonly RecordConsumer[], { packs, consumed }: GatheredPart): Promise<void> {
  await keepPacks(tx, packs);
  await writeConsumed(tx, consumers, consumed);
}

function idOf(part: Buffer): string | undefined {
  for (const entry of everyEntry(part)) if (entry !== undefined && !isCollectedEntry(entry)) return entry.head.id;
  return undefined;
}

/**
 * Does work that keeps a record which is in no spool, in one transaction. When the record makes a consumer fail, the work is done once
 * more, and the record kept without them.
 */
export async function keepOne<Result>(
  { db, consumers, log }: Pick<IngestPorts, "db" | "log" | "consumers">,
  id: string,
  work: (tx: Db, keep: (entry: Omit<SpooledEntry, "bytes">) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const run = (told: readonly RecordConsumer[]) =>
    db.transaction((tx) =>
      work(tx, async (entry) => {
        const { service, id, correlationId } = entry.head;
        const isErased = await erasedAmong(tx, [{ service, ids: [id, correlationId] }]);
        await write(tx, told, await gatherPart(tx, told, encodeEntry(entry), isErased));
      }),
    );
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
