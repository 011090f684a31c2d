const table = new Uint32Array(256).map((_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC32C (Castagnoli, RFC 3720 appendix B.4), as an unsigned 32-bit number. `seed` continues an earlier checksum. */
export function crc32c(data: Uint8Array, seed = 0): number {
  let crc = ~seed >>> 0;
  for (let index = 0; index < data.length; index += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (data[index] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}
