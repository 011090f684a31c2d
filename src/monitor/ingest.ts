import { addLatency } from "./latency-histogram.ts";
import type { MonitorPorts, SpoolSource } from "./ports.ts";
import { addUsage, insertRecords, setSpoolPosition, spoolPosition, type UsageMinute } from "./rows.ts";
import { readEntries, type SpooledEntry } from "./spooled-entries.ts";

const readBytes = 4 << 20;

/** Takes what hosts have spooled into the store; concurrent calls share one pass after the other. */
export interface Ingest {
  /** Comes back when everything that was spooled before the call is in the store. */
  catchUp(): Promise<void>;
}

export function makeIngest(ports: MonitorPorts): Ingest {
  let last: Promise<void> = Promise.resolve();
  return {
    catchUp() {
      last = last.catch(() => {}).then(() => ingestAll(ports));
      return last;
    },
  };
}

async function ingestAll(ports: MonitorPorts): Promise<void> {
  await ports.spool.flush();
  for (const source of await ports.spool.sources()) await ingestSource(ports, source);
}

async function ingestSource(ports: MonitorPorts, spool: SpoolSource): Promise<void> {
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

/** Records, usage and the new position are written in one transaction: nothing is taken twice and nothing is left out. */
async function ingestSegment({ db }: MonitorPorts, spool: SpoolSource, segment: number, start: number): Promise<void> {
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
    await db.transaction(async (tx) => {
      await insertRecords(tx, entries.filter(({ head }) => head.kept).map(toRow));
      for (const minute of usageOf(entries.filter(({ head }) => !head.mirrored))) await addUsage(tx, minute);
      await setSpoolPosition(tx, spool.host, segment, end);
    });
    position = end;
    limit = readBytes;
  }
}

function toRow({ head, body, answer }: SpooledEntry) {
  const { id, service, revision, image, at, status } = head;
  return {
    id,
    service,
    revision,
    image,
    at,
    duration_ms: head.durationMs,
    status,
    body,
    body_size: head.bodySize,
    answer,
    answer_size: head.answerSize,
    content_type: head.contentType,
    answer_type: head.answerType,
    trace_id: head.traceId ?? null,
    mirrored: head.mirrored ? 1 : 0,
  };
}

function usageOf(entries: readonly SpooledEntry[]): UsageMinute[] {
  const minutes = new Map<string, UsageMinute>();
  for (const { head } of entries) {
    const { service, revision, image, at } = head;
    const minute = Math.floor(at / 60_000);
    const key = JSON.stringify([service, revision, image, minute]);
    const usage = minutes.get(key) ?? {
      service,
      revision,
      image,
      minute,
      requests: 0,
      errors: 0,
      latencies: {},
      first_at: at,
      last_at: at,
    };
    usage.requests += 1;
    if (head.status >= 400) usage.errors += 1;
    addLatency(usage.latencies, head.durationMs);
    usage.first_at = Math.min(usage.first_at, at);
    usage.last_at = Math.max(usage.last_at, at);
    minutes.set(key, usage);
  }
  return [...minutes.values()];
}
