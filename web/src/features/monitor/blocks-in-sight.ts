/** The blocks of rows that are drawn of a long list. */
export interface Sight {
  first: number;
  count: number;
  /** Block `index` is drawn into the elements of key `index - base`. */
  base: number;
}

/** So many more are drawn above and below than are in sight. */
const around = 1;

/**
 * The blocks of `blockHeight` px that a window of `height` px shows at `offset`, after `seen`. What stays in sight keeps its key, so its
 * elements and the focus in them; after a jump by half of them or more all keys stay, and the new is written into the elements of the old:
 * none is made, moved or styled anew. `seen` itself when nothing changed.
 */
export function sightOf(seen: Sight, blockHeight: number, offset: number, height: number): Sight {
  const first = Math.max(0, Math.floor(offset / blockHeight) - around);
  const count = Math.ceil(height / blockHeight) + 1 + 2 * around;
  if (first === seen.first && count === seen.count) return seen;
  const moved = first - seen.first;
  return { first, count, base: 2 * Math.abs(moved) < seen.count ? seen.base : seen.base + moved };
}
