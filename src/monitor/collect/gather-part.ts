import type { Signature } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { RecordConsumer } from "./consumer.ts";
import { decodeEntry } from "./decode-entry.ts";
import { makePacks, type NewPack } from "./make-packs.ts";
import type { AskedIds, IsErased } from "./rows/tombstones.ts";
import { signatureOf } from "./signature-of.ts";
import { type CollectedEntry, everyEntry, isCollectedEntry, type SpooledEntry } from "./spooled-entries.ts";

/** A consumer that could not take a batch. */
export class ConsumerFailed extends Error {}

/** What a part of a segment comes to: plain data, as it may come from another thread. */
export interface GatheredPart {
  packs: NewPack[];
  collected: CollectedEntry[];
  /** Entries whose bytes are whole, but whose head says nothing: they are passed over. */
  unreadable: number;
  /** Whether something of it was erased, and left out. */
  hasErased: boolean;
  /** What each consumer makes of it, in their order. */
  consumed: unknown[];
}

/** Reads whole entries, and what each consumer makes of them. Nothing of what was erased is kept; such a request counts as one. Errors: ConsumerFailed. */
export async function gatherPart(
  db: Db,
  consumers: readonly RecordConsumer[],
  part: Buffer,
  isErased?: IsErased,
): Promise<GatheredPart> {
  const packs = makePacks();
  const collected: CollectedEntry[] = [];
  let unreadable = 0;
  let hasErased = false;
  const isGone = (service: string, ids: readonly (string | null | undefined)[]): boolean => {
    const gone = ids.some((id) => typeof id === "string" && isErased?.(id, service));
    hasErased ||= gone;
    return gone;
  };
  function* records(): Iterable<SpooledEntry> {
    for (const entry of everyEntry(part)) {
      if (entry === undefined) unreadable += 1;
      else if (isCollectedEntry(entry)) {
        const { service, requestId, correlationId } = entry.head;
        // a copy: a view would take all of its part along to another thread
        const own = { head: entry.head, body: new Uint8Array(entry.body) };
        if (isErased === undefined || !isGone(service, [requestId, correlationId])) collected.push(own);
      } else {
        const { id, correlationId, service } = entry.head;
        const kept = isErased !== undefined && isGone(service, [id, correlationId]) ? emptied(entry) : entry;
        if (kept.head.kept) packs.add(kept);
        yield kept;
      }
    }
  }
  const consumed = await consume(db, consumers, records());
  return { packs: packs.finish(), collected, unreadable, hasErased, consumed };
}

/** Every id of a part by which something of it may have been erased, also since it was gathered. */
export function* idsOfPart({ packs, collected }: GatheredPart): Iterable<AskedIds> {
  for (const { service, ids } of packs) yield { service, ids: [...ids.own, ...ids.correlation] };
  for (const { head } of collected) yield { service: head.service, ids: [head.requestId, head.correlationId] };
}

function emptied({ head, bytes }: SpooledEntry): SpooledEntry {
  const { correlationId: _, ...rest } = head;
  return { head: { ...rest, kept: false }, body: Buffer.alloc(0), answer: Buffer.alloc(0), bytes };
}

function consume(db: Db, consumers: readonly RecordConsumer[], entries: Iterable<SpooledEntry>): Promise<unknown[]> {
  return consumed(async () => {
    const signatures = new Map<string, Signature | undefined>();
    const gatherings = consumers.map((consumer) => consumer.gather());
    for (const entry of entries) {
      const { image } = entry.head;
      if (!signatures.has(image)) signatures.set(image, signatureOf(image, await findManifest(db, image)));
      const decoded = decodeEntry(entry, signatures.get(image));
      for (const { add } of gatherings) add(decoded);
    }
    const gathered = [];
    for (const { finish } of gatherings) gathered.push(await finish(db));
    return gathered;
  });
}

/** Writes what consumers made of a part. */
export async function writeConsumed(
  tx: Db,
  consumers: readonly RecordConsumer[],
  made: readonly unknown[],
): Promise<void> {
  for (const [i, consumer] of consumers.entries()) await consumed(() => consumer.write(tx, made[i]));
}

async function consumed<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isOfDatabase(cause)) throw cause;
    throw new ConsumerFailed("a consumer failed", { cause });
  }
}

/** Codes of SQLite for a statement that was wrong: error, too big, constraint, mismatch, range (https://www.sqlite.org/rescode.html). */
const wrongStatements = new Set([1, 18, 19, 20, 25]);

/** Whether the database itself failed: the disk is full, the file cannot be read. That is no record's doing. */
function isOfDatabase(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === "number" && !wrongStatements.has(errcode & 0xff);
}
