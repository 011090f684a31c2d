import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode, ProtobufError } from "../../src/host/grpc/protobuf.ts";
import { encodeMessage, timeoutOf } from "../../src/host/grpc/status.ts";

const inner = { text: { number: 1, kind: "string" }, truths: { number: 2, kind: "bool", repeated: true } } as const;
const message = {
  text: { number: 1, kind: "string" },
  bytes: { number: 2, kind: "bytes" },
  small: { number: 3, kind: "int32" },
  large: { number: 4, kind: "int64" },
  counts: { number: 5, kind: "uint64", repeated: true },
  floats: { number: 6, kind: "float", repeated: true },
  doubles: { number: 7, kind: "double", repeated: true },
  inner: { number: 8, kind: inner },
  inners: { number: 9, kind: inner, repeated: true },
  choice: { number: 1000, kind: ["NONE", "ONE", "TWO"] },
} as const;

const innerValue = fc.record({
  text: fc.string({ unit: "grapheme", minLength: 1 }),
  truths: fc.array(fc.boolean()),
});
const value = fc.record({
  text: fc.string({ unit: "grapheme", minLength: 1 }),
  bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  small: fc.integer().filter((number) => number !== 0),
  large: fc.maxSafeInteger().filter((number) => number !== 0),
  counts: fc.array(fc.maxSafeNat()),
  floats: fc.array(fc.float({ noNaN: true })),
  doubles: fc.array(fc.double({ noNaN: true })),
  inner: innerValue,
  inners: fc.array(innerValue),
  choice: fc.constantFrom("ONE", "TWO"),
});

describe("a message", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(decode(message, encode(message, one))).toEqual(one);
      }),
    );
  });

  it("of any bytes is read or refused, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(message, Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
    );
  });

  it("that was cut is refused, or says less", () => {
    fc.assert(
      fc.property(value, fc.nat(), (one, cut) => {
        const bytes = encode(message, one);
        try {
          decode(message, bytes.subarray(0, cut % (bytes.length + 1)));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
    );
  });

  it("may have fields nobody knows, and numbers one by one", () => {
    const bytes = Buffer.from([0x28, 1, 0x28, 2, 0x2a, 2, 3, 4, 0xf9, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 0xf2, 0x7f, 1, 9]);
    expect(decode(message, bytes).counts).toEqual([1, 2, 3, 4]);
  });
});

describe("the words of gRPC", () => {
  it.each([
    ["10S", 10_000],
    ["250m", 250],
    ["500000u", 500],
    ["1H", 3_600_000],
    ["123456789S", undefined],
    ["10", undefined],
    [undefined, undefined],
  ])("the timeout %s is %s ms", (header, ms) => expect(timeoutOf(header)).toBe(ms));

  it("text of any letters fits into a header, and comes back", () => {
    expect(encodeMessage("100 % of “ä”\n")).toBe("100 %25 of %E2%80%9C%C3%A4%E2%80%9D%0A");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(encodeMessage(text)).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeURIComponent(encodeMessage(text))).toBe(text);
      }),
    );
  });
});
