import type { Place } from "./places.ts";

/** What a key, or `g` and a key after it, asks for. */
export type Wish = { open: "search" | "help" } | { to: Place["to"] };

/** A key pressed after another: what it asks for, and whether the next one belongs to it. Pure. */
export function wishOf(before: string | undefined, key: string, places: readonly Place[]): Wish | "more" | undefined {
  if (before === "g") {
    const place = places.find((place) => place.key === key);
    return place === undefined ? undefined : { to: place.to };
  }
  if (key === "/") return { open: "search" };
  if (key === "?") return { open: "help" };
  return key === "g" ? "more" : undefined;
}
