import type { Db } from "../../kernel/db.ts";
import { mergeParts, selectParted, type WindowKey } from "./rows.ts";
import { windowMs } from "./window.ts";

/** Readers add parts up, and each costs them as much as a window does. */
const manyParts = 32;
const day = 24 * 3_600_000;

/**
 * Merges the parts of windows: of those that have many, and of those that were over five minutes ago, as what came late is in by then. Services begin a window
 * all at once: a batch merges a few, those of most parts first, and the next batch goes on.
 */
export async function mergeSomeParts(tx: Db, written: readonly WindowKey[]): Promise<void> {
  const newest = new Map<string, number>();
  for (const { service, at } of written) newest.set(service, Math.max(at, newest.get(service) ?? 0));
  const due: (WindowKey & { more: number })[] = [];
  for (const [service, at] of newest)
    for (const window of await selectParted(tx, { service, from: at - day, to: at + windowMs }))
      if (window.more >= manyParts || window.at < at - windowMs) due.push(window);
  due.sort((a, b) => b.more - a.more);
  for (const window of due.slice(0, 1 + Math.floor(written.length / 8))) await mergeParts(tx, window);
}
