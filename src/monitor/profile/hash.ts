const scratch = new Float64Array(1);
/** Halves of the number, the low one first: every machine that Node runs on is little-endian. */
const halves = new Uint32Array(scratch.buffer);

/** Two rounds of murmur3's finaliser on both halves: 53 bits that look random, the same everywhere. */
function mix(high: number, low: number): number {
  let a = high ^ 0x9e3779b9;
  let b = low ^ 0x85ebca6b;
  a = Math.imul(a ^ (b >>> 16) ^ b, 0x85ebca6b);
  b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
  a = Math.imul(a ^ (b >>> 16), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x165667b1);
  a ^= b >>> 14;
  return (a >>> 0) * 0x200000 + (b >>> 11);
}

/** 53 bits of a number. Zero has one hash, whatever its sign. */
export function hashNumber(value: number): number {
  const isSmall = value >= 0 && value < smallHashes.length && Number.isInteger(value);
  return isSmall ? (smallHashes[value] as number) : hashBits(value);
}

function hashBits(value: number): number {
  scratch[0] = value;
  return mix(halves[1] as number, halves[0] as number);
}

/** Of counts, codes and pixels, which most whole numbers are. */
const smallHashes = Float64Array.from({ length: 1024 }, (_, value) => hashBits(value));

/** 53 bits of a text, by its UTF-16 units; `seed` makes families apart. */
export function hashText(text: string, seed = 0): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  return mix(a, b);
}

/** 53 bits of the row `row` of the record with the hash `record`. */
export const hashRow = (record: number, row: number): number =>
  mix((record / 0x200000) ^ Math.imul(row + 1, 0x9e3779b1), (record & 0x1fffff) ^ row);
