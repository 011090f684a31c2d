/** Four tables of 256: four bytes are taken in at once ("slicing by 4", Kounavis and Berry 2005). */
const tables = new Int32Array(4 * 256);
for (let index = 0; index < 256; index += 1) {
  let value = index;
  for (let place = 0; place < 4; place += 1) {
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    tables[256 * place + index] = value;
  }
}

const at = (place: number, byte: number) => tables[256 * place + (byte & 0xff)] as number;

/** CRC32C (Castagnoli, RFC 3720 appendix B.4), as an unsigned 32-bit number. `seed` continues an earlier checksum. */
export function crc32c(data: Uint8Array, seed = 0): number {
  const byte = (index: number) => data[index] as number;
  const whole = data.length - (data.length % 4);
  let crc = ~seed;
  for (let index = 0; index < whole; index += 4) {
    crc ^= byte(index) | (byte(index + 1) << 8) | (byte(index + 2) << 16) | (byte(index + 3) << 24);
    crc = at(3, crc) ^ at(2, crc >>> 8) ^ at(1, crc >>> 16) ^ at(0, crc >>> 24);
  }
  for (let index = whole; index < data.length; index += 1) crc = (crc >>> 8) ^ at(0, crc ^ byte(index));
  return ~crc >>> 0;
}
