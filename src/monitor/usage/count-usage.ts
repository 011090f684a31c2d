import type { DecodedEntry, RecordConsumer } from "../collect/consumer.ts";
import { addLatency } from "./latency-histogram.ts";
import { addUsage, type UsageSlot } from "./rows.ts";
import { noUsage } from "./usage.ts";

/** Counts requests by minute, revision and caller; copies that a mirror answered are no use. One row is written for each group of a batch. */
export const countUsage: RecordConsumer = {
  async take(tx, batch) {
    const slots = new Map<string, UsageSlot>();
    for (const entry of batch) if (!entry.head.mirrored) countEntry(slots, entry);
    for (const slot of slots.values()) await addUsage(tx, slot);
  },
};

function countEntry(slots: Map<string, UsageSlot>, entry: DecodedEntry): void {
  const { head } = entry;
  const { service, revision, image, at } = head;
  const caller = (head as { caller?: string }).caller ?? "";
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
  } else slot.rows += head.rows ?? (head.kept ? (entry.decoded().inputs?.rows.length ?? 0) : 0);
  slot.bytesIn += head.bodySize;
  slot.bytesOut += head.answerSize;
  addLatency(slot.latencies, head.durationMs);
  slot.firstAt = Math.min(slot.firstAt, at);
  slot.lastAt = Math.max(slot.lastAt, at);
}
