import { makeTurns } from "../../kernel/turns.ts";
import type { SpoolSource } from "../ports.ts";
import { countDrops } from "./rows/drops.ts";
import { setSpoolPosition, spoolPosition } from "./rows/spool.ts";
import { type FoundEntries, nextEntry, readEntries } from "./spooled-entries.ts";
import { type IngestPorts, takeEntries } from "./take-entries.ts";

/** Some 3,500 records of one row: others that write wait for their transaction. Of wide rows it must be many still, as each batch writes its profiles anew. */
const readBytes = 2 << 20;

/** Takes what hosts have spooled into the store; concurrent calls share one pass after the other. */
export interface Ingest {
  /** Comes back when everything that was spooled before the call is in the store. */
  catchUp(): Promise<void>;
}

export function makeIngest(ports: IngestPorts): Ingest {
  const inTurn = makeTurns();
  return { catchUp: () => inTurn(() => ingestAll(ports)) };
}

async function ingestAll(ports: IngestPorts): Promise<void> {
  await ports.spool.flush();
  for (const source of await ports.spool.sources()) await ingestSource(ports, source);
}

async function ingestSource(ports: IngestPorts, spool: SpoolSource): Promise<void> {
  const { db, log } = ports;
  const segments = await spool.segments();
  for (const [index, segment] of segments.entries()) {
    const done = await spoolPosition(db, spool.host);
    const isFinished = index < segments.length - 1;
    if (segment >= done.segment) {
      const position = segment === done.segment ? done.position : 0;
      await ingestSegment(ports, spool, { segment, position, isFinished });
    }
    if (!isFinished) continue;
    await spool.remove(segment);
    log.debug({ segment }, "spool segment taken over");
  }
}

interface Place {
  segment: number;
  position: number;
  /** Nothing more is written to the segment. */
  isFinished: boolean;
}

async function ingestSegment(ports: IngestPorts, spool: SpoolSource, start: Place): Promise<void> {
  const { segment, isFinished } = start;
  const read = (position: number) => readPart(ports, spool, segment, position);
  for (let part = await read(start.position); ; ) {
    const { position, end, data, found, ahead } = part;
    if (end > position) {
      // read while this one is written, so that another thread has work meanwhile
      const next = read(end);
      next.catch(() => {});
      await takeEntries(ports, { host: spool.host, segment, end }, found, ahead);
      part = await next;
    } else {
      const skipped = await skipDamage(ports, spool.host, { segment, position, isFinished }, data);
      if (skipped === 0) return;
      part = await read(position + skipped);
    }
  }
}

/** What a segment holds from a position on, up to `end`: as much as one transaction takes. */
interface Part {
  position: number;
  end: number;
  data: Buffer;
  found: FoundEntries;
  ahead: Promise<unknown[] | undefined> | undefined;
}

async function readPart(ports: IngestPorts, spool: SpoolSource, segment: number, position: number): Promise<Part> {
  for (let limit = readBytes; ; limit *= 2) {
    const data = await spool.read(segment, position, limit);
    const isFull = data.length === limit;
    const { end, ...found } = readEntries(data, position);
    // an entry larger than what was read, or one with a damaged length
    if (end === position && isFull) continue;
    // of a few records it is not worth the way
    const ahead = isFull ? ports.gatherElsewhere?.(data.subarray(0, end - position)) : undefined;
    return { position, end, data, found, ahead: ahead?.catch(() => undefined) };
  }
}

/**
 * Passes over what is no entry: up to the next whole one, or, in a segment that nothing is added to, up to its end. Gives the bytes passed over: 0 at the end
 * and at an entry that is still being written.
 */
async function skipDamage({ db, log }: IngestPorts, host: string, place: Place, data: Buffer): Promise<number> {
  const next = nextEntry(data);
  const bytes = next ?? (place.isFinished ? data.length : 0);
  if (bytes === 0) return 0;
  const reason = next === undefined ? "torn" : "damaged";
  log.warn(
    { segment: place.segment, position: place.position, bytes, reason },
    "part of a spool segment was passed over",
  );
  await db.transaction(async (tx) => {
    // how many they were cannot be told: each gap counts as one
    await countDrops(tx, { [reason]: 1 });
    await setSpoolPosition(tx, host, place.segment, place.position + bytes);
  });
  return bytes;
}
