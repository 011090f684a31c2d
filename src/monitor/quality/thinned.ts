import { placeOf } from "../../kernel/hash.ts";

/** An even sample of what was added, at most so many; the same things give the same sample in whatever order they come. */
export interface Thinned<Item> {
  add(key: string, item: Item): void;
  items(): Item[];
}

export function thinned<Item>(most: number): Thinned<Item> {
  let share = 1;
  let kept: { place: number; item: Item }[] = [];
  return {
    add(key, item) {
      const place = placeOf(key);
      if (place >= share) return;
      kept.push({ place, item });
      while (kept.length > most) {
        share /= 2;
        kept = kept.filter((one) => one.place < share);
      }
    },
    items: () => kept.map(({ item }) => item),
  };
}
