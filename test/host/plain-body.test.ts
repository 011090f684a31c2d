import { describe, expect, test } from "vitest";
import { makePlainBody } from "../../src/host/http/plain-body.ts";

describe("a body as it comes in", () => {
  test("what lies behind it is given back", () => {
    const body = makePlainBody(3);
    expect(body.push(Buffer.from("ab")).toString()).toBe("");
    expect(body.push(Buffer.from("cde")).toString()).toBe("de");
    expect(String(body.whole(10))).toBe("abc");
  });
  // thousands of idle connections held a chunk each, and with it the memory around it
  test("nothing behind it is no view of its chunk", () => {
    const chunk = Buffer.from("x".repeat(10_000));
    expect(makePlainBody(chunk.length).push(chunk).buffer).not.toBe(chunk.buffer);
    expect(makePlainBody(0).push(chunk.subarray(0, 0)).buffer).not.toBe(chunk.buffer);
  });
});
