import { makeRandom as makeDraws } from "../../src/monitor/drift/math/random.ts";

/** Numbers that look random and come again with the same seed, so that a failing run can be repeated. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  bytes(size: number): Uint8Array<ArrayBuffer>;
}

export function makeRandom(seed: number): Random {
  const next = makeDraws(seed).uniform;
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
