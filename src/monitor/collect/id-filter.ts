import { createHash } from "node:crypto";

/**
 * A Bloom filter (Bloom 1970) of the ids in a file: it says "not here" for certain, and "maybe" wrongly once in a hundred. Ten bits an id, seven places each, taken
 * from two halves of one SHA-256 (Kirsch and Mitzenmacher 2006).
 */
const bitsPerId = 10;
const places = 7;

export function makeIdFilter(ids: ReadonlySet<string>): Uint8Array {
  const filter = new Uint8Array(Math.max(8, Math.ceil((ids.size * bitsPerId) / 8)));
  for (const id of ids)
    for (const place of placesOf(id, filter.length * 8))
      filter[place >> 3] = (filter[place >> 3] as number) | (1 << (place & 7));
  return filter;
}

export const mayHold = (filter: Uint8Array, id: string): boolean =>
  placesOf(id, filter.length * 8).every((place) => ((filter[place >> 3] as number) & (1 << (place & 7))) !== 0);

function placesOf(id: string, bits: number): number[] {
  const digest = createHash("sha256").update(id).digest();
  const [first, second] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
  return Array.from({ length: places }, (_, index) => (first + index * second) % bits);
}
