import { placeOf } from "../../kernel/hash.ts";

/** Chooses requests by the hash of their id: the same ones however often and in whatever order they are offered. */
export interface Sampling {
  /** Offers a request; false when it cannot be chosen. */
  offer(id: string): boolean;
  /** Whether it is chosen, when all were offered. */
  isChosen(id: string): boolean;
  /** Requests that were offered, and how many are chosen. */
  counts(): { requests: number; chosen: number };
}

/** `1000` is at most so many requests, `10%` a share of them, null all. */
export function samplingOf(text: string | null): Sampling {
  if (text === null) return byShare(1);
  return text.endsWith("%") ? byShare(Number(text.slice(0, -1)) / 100) : byCount(Number(text));
}

function byShare(share: number): Sampling {
  const counts = { requests: 0, chosen: 0 };
  const isChosen = (id: string) => share >= 1 || placeOf(id) < share;
  return {
    isChosen,
    offer(id) {
      counts.requests += 1;
      const chosen = isChosen(id);
      if (chosen) counts.chosen += 1;
      return chosen;
    },
    counts: () => counts,
  };
}

/** Those with the least places; twice as many are remembered between cuts. */
function byCount(most: number): Sampling {
  let places: number[] = [];
  let requests = 0;
  let bound = 1;
  const cut = () => {
    places.sort((a, b) => a - b);
    places = places.slice(0, most);
    if (places.length === most) bound = places.at(-1) ?? 1;
  };
  return {
    offer(id) {
      requests += 1;
      const place = placeOf(id);
      if (place > bound) return false;
      places.push(place);
      if (places.length >= most * 2 + 1000) cut();
      return true;
    },
    isChosen: (id) => placeOf(id) <= bound,
    counts() {
      cut();
      return { requests, chosen: places.length };
    },
  };
}
