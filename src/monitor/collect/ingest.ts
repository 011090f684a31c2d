import { makePace } from "../../kernel/pace.ts";
import { readAhead } from "../../kernel/read-ahead.ts";
import { makeTurns } from "../../kernel/turns.ts";
import type { SpoolSource } from "../ports.ts";
import type { GatheredPart } from "./gather-part.ts";
import { countDrops } from "./rows/drops.ts";
import { setSpoolPosition, spoolPosition } from "./rows/spool.ts";
import { nextEntry, wholeEntries } from "./spooled-entries.ts";
import { type IngestPorts, takePart } from "./take-part.ts";

/** Some 7,000 records of one row: others that write wait for their transaction. Of wide rows it must be many still, as each batch writes its profiles anew. */
const readBytes = 4 << 20;
/** Of fewer, gathering elsewhere is not worth the way. */
const worthwhileBytes = 1 << 20;
/** Parts that are read, and gathered elsewhere, while one before is written. */
const partsAhead = 2;
/** A third of the time for a pass that nobody waits for: done at once, it would take the cores from a busy host again and again. After this long it is behind. */
const leisure = { rests: 2, patienceMs: 3000 };

/** Takes what hosts have spooled into the store; concurrent calls share one pass after the other. */
export interface Ingest {
  /** Comes back when everything that was spooled before the call is in the store. An `unhurried` call rests between parts while no other waits. */
  catchUp(options?: { unhurried?: boolean }): Promise<void>;
}

export function makeIngest(ports: IngestPorts): Ingest {
  const inTurn = makeTurns();
  const pace = makePace(leisure);
  const pass = () => inTurn(() => ingestAll(ports, pace.begin()));
  return { catchUp: ({ unhurried = false } = {}) => (unhurried ? pass() : pace.hurry(pass)) };
}

async function ingestAll(ports: IngestPorts, rest: () => Promise<void>): Promise<void> {
  await ports.spool.flush();
  for (const spool of await ports.spool.sources()) {
    for await (const step of readAhead(stepsOf(ports, spool), partsAhead)) {
      await rest();
      await perform(ports, spool, step);
    }
  }
}

/** What is to be done with a spool, one after the other. */
type Step =
  | { kind: "take"; segment: number; end: number; data: Buffer; ahead: Promise<GatheredPart | undefined> | undefined }
  | { kind: "pass-over"; segment: number; end: number; bytes: number; reason: "torn" | "damaged" }
  | { kind: "remove" | "empty"; segment: number };

async function* stepsOf(ports: IngestPorts, spool: SpoolSource): AsyncIterable<Step> {
  const segments = await spool.segments();
  // behind the list: a host that begins to write here meanwhile begins a segment that is not in it
  const isLeft = await spool.isLeft();
  const done = await spoolPosition(ports.db, spool.host);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    // nothing more is written to it
    const isFinished = !isLast || isLeft;
    if (segment >= done.segment) {
      let position = segment === done.segment ? done.position : 0;
      for (;;) {
        const step = await readStep(ports, spool, { segment, position, isFinished });
        if (step === undefined) break;
        yield step;
        position = step.end;
      }
    }
    if (isFinished && (!isLast || (await spool.size(segment)) > 0))
      yield { kind: isLast ? "empty" : "remove", segment };
  }
}

interface Place {
  segment: number;
  position: number;
  isFinished: boolean;
}

/**
 * As many whole entries as one transaction takes. What is no entry is passed over: up to the next whole one, or, in a segment that nothing is added to, up to its end.
 * Undefined at the end, and at an entry that is still being written.
 */
async function readStep(
  { gatherElsewhere }: IngestPorts,
  spool: SpoolSource,
  { segment, position, isFinished }: Place,
): Promise<Exclude<Step, { kind: "remove" | "empty" }> | undefined> {
  for (let limit = readBytes; ; limit *= 2) {
    const read = await spool.read(segment, position, limit);
    const bytes = wholeEntries(read);
    // an entry larger than what was read, or one with a damaged length
    if (bytes === 0 && read.length === limit) continue;
    if (bytes > 0) {
      const data = read.subarray(0, bytes);
      const ahead = bytes >= worthwhileBytes ? gatherElsewhere?.(data).catch(() => undefined) : undefined;
      return { kind: "take", segment, end: position + bytes, data, ahead };
    }
    const next = nextEntry(read);
    const gap = next ?? (isFinished ? read.length : 0);
    if (gap === 0) return undefined;
    const reason = next === undefined ? "torn" : "damaged";
    return { kind: "pass-over", segment, end: position + gap, bytes: gap, reason };
  }
}

async function perform(ports: IngestPorts, spool: SpoolSource, step: Step): Promise<void> {
  const { db, log } = ports;
  const { host } = spool;
  const { segment } = step;
  if (step.kind === "take") {
    const { end, data, ahead } = step;
    await takePart(ports, { host, segment, end, data }, ahead);
  } else if (step.kind === "pass-over") {
    const { end, bytes, reason } = step;
    log.warn({ segment, position: end - bytes, bytes, reason }, "part of a spool segment was passed over");
    await db.transaction(async (tx) => {
      // how many they were cannot be told: each gap counts as one
      await countDrops(tx, { [reason]: 1 });
      await setSpoolPosition(tx, host, segment, end);
    });
  } else {
    await spool[step.kind](segment);
    log.debug({ segment }, "spool segment taken over");
  }
}
