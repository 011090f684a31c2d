/** Numbers that look random and come again with the same seed, so that a failing run can be repeated. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  bytes(size: number): Uint8Array<ArrayBuffer>;
}

/** The generator mulberry32 (Tommy Ettinger, public domain). */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    bytes: (size) => {
      const words = new Uint32Array(Math.ceil(size / 4));
      for (let index = 0; index < words.length; index += 1) words[index] = next() * 2 ** 32;
      return new Uint8Array(words.buffer).subarray(0, size);
    },
  };
}
