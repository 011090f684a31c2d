import type { Value } from "./values.ts";

/** The memo of a pickle. Picklers number their entries from 0 without gaps; anything else goes to `sparse`. */
export interface Memo {
  readonly dense: Value[];
  readonly sparse: Map<number | bigint, Value>;
}

export function newMemo(): Memo {
  return { dense: [], sparse: new Map() };
}

/** The number of entries, which is also the number MEMOIZE gives the next one. */
export function memoSize({ dense, sparse }: Memo): number {
  return dense.length + sparse.size;
}

/** Sets an entry; false when it is one beyond a gap, which costs more. */
export function memorise({ dense, sparse }: Memo, index: number | bigint, value: Value): boolean {
  const number = Number(index);
  if (number > dense.length) {
    sparse.set(index, value);
    return false;
  }
  if (number === dense.length && sparse.size > 0) sparse.delete(index);
  dense[number] = value;
  return true;
}

export function recall({ dense, sparse }: Memo, index: number | bigint): Value | undefined {
  const value = typeof index === "number" ? dense[index] : undefined;
  return value === undefined ? sparse.get(index) : value;
}
