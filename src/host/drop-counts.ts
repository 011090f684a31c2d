import { dropCountsOf } from "../contract/host.ts";
import type { Log } from "../kernel/log.ts";
import { longestText, openTwoSlots, type TwoSlots } from "../kernel/two-slots.ts";

/** How many records could not be kept, by reason, over all lives of a host. */
export interface DropCounts {
  add(reason: string, count: number): void;
  all(): Record<string, number>;
  /** Resolves when what was added is in the file, or cannot be. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The time between two writes: what comes alone is written at once, a stream costs ten small writes a second. */
const betweenMs = 100;
const againMs = 5000;

/** Counts of this process alone, when there is no file. */
const noSlots: TwoSlots = { before: undefined, write: async () => {}, close: async () => {} };

/** Counts go on from what the file says, and are in it some moments after they changed; a request never waits for that. */
export function openDropCounts(path: string | undefined, log: Log): DropCounts {
  const slots = path === undefined ? noSlots : openTwoSlots(path);
  const counts = dropCountsOf(slots.before);
  let isNew = false;
  let isWell = true;
  let timer: NodeJS.Timeout | undefined;
  let written: Promise<void> = Promise.resolve();
  let savedAt = Number.NEGATIVE_INFINITY;

  const write = async () => {
    if (!isNew) return;
    isNew = false;
    savedAt = performance.now();
    try {
      await slots.write(textOf(counts));
      isWell = true;
    } catch (error) {
      isNew = true;
      later(againMs);
      if (isWell) log.warn({ reason: (error as Error).message }, "counts of what was dropped are in memory alone");
      isWell = false;
    }
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    written = written.then(write);
    return written;
  };
  const later = (ms: number) => {
    timer ??= setTimeout(save, ms).unref();
  };
  // the room is taken while there is some
  isNew = slots.before === undefined;
  void save();
  return {
    add: (reason, count) => {
      if (count <= 0) return;
      counts[reason] = (counts[reason] ?? 0) + count;
      isNew = true;
      later(performance.now() - savedAt > betweenMs ? 0 : betweenMs);
    },
    all: () => ({ ...counts }),
    flush: save,
    close: async () => {
      await save();
      clearTimeout(timer);
      await slots.close();
    },
  };
}

/** With more reasons than a slot holds, how many alone are told. */
function textOf(counts: Readonly<Record<string, number>>): string {
  const text = JSON.stringify(counts);
  if (Buffer.byteLength(text) <= longestText) return text;
  return JSON.stringify({ other: Object.values(counts).reduce((sum, count) => sum + count, 0) });
}
