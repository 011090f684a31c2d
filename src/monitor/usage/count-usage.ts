import type { DecodedEntry, RecordConsumer } from "../collect/consumer.ts";
import { addLatency } from "./latency-histogram.ts";
import { addUsage, type UsageSlot } from "./rows.ts";
import { noUsage } from "./usage.ts";

/** Callers of a service that one batch counts apart; scoring tokens are many, and each is a caller. */
const mostCallers = 200;
/** Who the others are. */
const others = "others";

/** Counts requests by minute, revision and caller; copies that a mirror answered are no use. One row is written for each group of a batch. */
export const countUsage: RecordConsumer<UsageSlot[]> = {
  gather: () => {
    const slots = new Map<string, UsageSlot>();
    const callers = new Map<string, Set<string>>();
    return {
      add: (entry) => {
        if (!entry.head.mirrored) countEntry(slots, entry, callerOf(callers, entry));
      },
      finish: async () => [...slots.values()],
    };
  },
  write: async (tx, slots) => {
    for (const slot of slots) await addUsage(tx, slot);
  },
};

function callerOf(seen: Map<string, Set<string>>, { head: { service, caller = "" } }: DecodedEntry): string {
  let callers = seen.get(service);
  if (callers === undefined) {
    callers = new Set();
    seen.set(service, callers);
  }
  if (callers.size >= mostCallers && !callers.has(caller)) return others;
  callers.add(caller);
  return caller;
}

/** Of a body that is none of a table, as many as were answered. */
function rowsOf(entry: DecodedEntry): number {
  const { inputs, predictions } = entry.decoded();
  return (inputs ?? predictions)?.rows.length ?? 0;
}

function countEntry(slots: Map<string, UsageSlot>, entry: DecodedEntry, caller: string): void {
  const { head } = entry;
  const { service, revision, image, at } = head;
  const minute = Math.floor(at / 60_000);
  const key = `${service}\n${minute}\n${revision}\n${image}\n${caller}`;
  let slot = slots.get(key);
  if (slot === undefined) {
    slot = { service, revision, image, caller, minute, span: 1, ...noUsage() };
    slots.set(key, slot);
  }
  slot.requests += 1;
  if (head.status >= 400) {
    const kind = head.error === undefined ? String(head.status) : `${head.status} ${head.error}`;
    slot.errors[kind] = (slot.errors[kind] ?? 0) + 1;
  } else slot.rows += head.rows ?? (head.kept ? rowsOf(entry) : 0);
  slot.bytesIn += head.bodySize;
  slot.bytesOut += head.answerSize;
  addLatency(slot.latencies, head.durationMs);
  slot.firstAt = Math.min(slot.firstAt, at);
  slot.lastAt = Math.max(slot.lastAt, at);
}
