import fc from "fast-check";
import { expect, it } from "vitest";
import { crc32c } from "../../src/kernel/crc32c.ts";

it("gives the checksums of RFC 3720 (appendix B.4)", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
  const sums = [new Uint8Array(32), new Uint8Array(32).fill(0xff), ascending, Buffer.from("123456789")].map((data) =>
    crc32c(data),
  );
  expect(sums).toEqual([0x8a9136aa, 0x62a8ab43, 0x46dd794e, 0xe3069283]);
});

it("goes on from the sum of what stands before, wherever that ends", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (data, at) => {
      expect(crc32c(data.subarray(at), crc32c(data.subarray(0, at)))).toBe(crc32c(data));
    }),
  );
});
