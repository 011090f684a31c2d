/** Table `place` has what a byte does that has `place` bytes behind it: eight are taken in at once ("slicing by 8", Kounavis and Berry 2005). */
function tableOf(place: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8 * (place + 1); bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
}

// not a list of tables: the compiler knows how long a constant is
const [t0, t1, t2, t3] = [tableOf(0), tableOf(1), tableOf(2), tableOf(3)];
const [t4, t5, t6, t7] = [tableOf(4), tableOf(5), tableOf(6), tableOf(7)];
const at = (table: Int32Array, byte: number) => table[byte & 0xff] as number;

/** CRC32C (Castagnoli, RFC 3720 appendix B.4), as an unsigned 32-bit number. `seed` continues an earlier checksum. */
export function crc32c(data: Uint8Array, seed = 0): number {
  const byte = (index: number) => data[index] as number;
  const whole = data.length - (data.length % 8);
  let crc = ~seed;
  for (let index = 0; index < whole; index += 8) {
    crc ^= byte(index) | (byte(index + 1) << 8) | (byte(index + 2) << 16) | (byte(index + 3) << 24);
    crc = at(t7, crc) ^ at(t6, crc >>> 8) ^ at(t5, crc >>> 16) ^ at(t4, crc >>> 24);
    crc ^= at(t3, byte(index + 4)) ^ at(t2, byte(index + 5)) ^ at(t1, byte(index + 6)) ^ at(t0, byte(index + 7));
  }
  for (let index = whole; index < data.length; index += 1) crc = (crc >>> 8) ^ at(t0, crc ^ byte(index));
  return ~crc >>> 0;
}
