import type { Signature } from "../../contract/host.ts";
import type { Db } from "../../kernel/db.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts, SpoolSource } from "../ports.ts";
import type { RecordConsumer } from "./consumer.ts";
import { decodeEntry } from "./decode-entry.ts";
import { insertRecords, setSpoolPosition, spoolPosition } from "./rows/spool.ts";
import { readEntries, type SpooledEntry } from "./spooled-entries.ts";

const readBytes = 4 << 20;

/** Takes what hosts have spooled into the store; concurrent calls share one pass after the other. */
export interface Ingest {
  /** Comes back when everything that was spooled before the call is in the store. */
  catchUp(): Promise<void>;
}

interface IngestPorts extends MonitorPorts {
  /** What is called with all that is taken over, in this order. */
  consumers: readonly RecordConsumer[];
}

export function makeIngest(ports: IngestPorts): Ingest {
  let last: Promise<void> = Promise.resolve();
  return {
    catchUp() {
      last = last.catch(() => {}).then(() => ingestAll(ports));
      return last;
    },
  };
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
    if (segment >= done.segment)
      await ingestSegment(ports, spool, segment, segment === done.segment ? done.position : 0);
    const finished = index < segments.length - 1;
    if (!finished) continue;
    await spool.remove(segment);
    log.debug({ segment }, "spool segment taken over");
  }
}

/** Records, what consumers make of them and the new position are written in one transaction: nothing is taken twice and nothing is left out. */
async function ingestSegment(
  { db, consumers }: IngestPorts,
  spool: SpoolSource,
  segment: number,
  start: number,
): Promise<void> {
  let position = start;
  for (let limit = readBytes; ; ) {
    const data = await spool.read(segment, position, limit);
    const { entries, end } = readEntries(data, position);
    if (entries.length === 0) {
      // An entry larger than what was read: read more. Otherwise it is the end, or a torn tail.
      if (data.length < limit) return;
      limit *= 2;
      continue;
    }
    const signatures = await signaturesOf(db, entries);
    const batch = entries.map((entry) => decodeEntry(entry, signatures.get(entry.head.image)));
    await db.transaction(async (tx) => {
      await insertRecords(
        tx,
        entries.filter(({ head }) => head.kept),
      );
      for (const consumer of consumers) await consumer.take(tx, batch);
      await setSpoolPosition(tx, spool.host, segment, end);
    });
    position = end;
    limit = readBytes;
  }
}

/** What the images of entries take, by digest; an image that is not known is left out. */
async function signaturesOf(db: Db, entries: readonly SpooledEntry[]): Promise<Map<string, Signature>> {
  const signatures = new Map<string, Signature>();
  for (const image of new Set(entries.map(({ head }) => head.image))) {
    const manifest = await findManifest(db, image);
    if (manifest !== undefined) signatures.set(image, manifest.signature);
  }
  return signatures;
}
