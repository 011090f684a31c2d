import { makeTurns } from "../../kernel/turns.ts";
import type { SpoolSource } from "../ports.ts";
import { countDrops } from "./rows/drops.ts";
import { setSpoolPosition, spoolPosition } from "./rows/spool.ts";
import { nextEntry, readEntries } from "./spooled-entries.ts";
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
  let { position } = start;
  for (let limit = readBytes; ; ) {
    const data = await spool.read(segment, position, limit);
    const { end, ...found } = readEntries(data, position);
    if (end > position) {
      await takeEntries(ports, { host: spool.host, segment, end }, found);
      position = end;
      limit = readBytes;
    } else if (data.length === limit) {
      // an entry larger than what was read, or one with a damaged length
      limit *= 2;
    } else {
      const skipped = await skipDamage(ports, spool.host, { segment, position, isFinished }, data);
      if (skipped === 0) return;
      position += skipped;
      limit = readBytes;
    }
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
