import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOfQuery } from "../../src/host/codecs/script-request.ts";
import { corsHeaders } from "../../src/host/cors.ts";

const name = fc.string({ minLength: 1 });

describe("the query of a GET", () => {
  it("holds any JSON values by their names", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, fc.jsonValue()), { selector: ([key]) => key }), (pairs) => {
        const query = new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, JSON.stringify(value)]));
        const wanted = pairs.map(([key, value]) => [key, JSON.parse(JSON.stringify(value)) as unknown]);
        expect(JSON.parse(bodyOfQuery(`/score?${query}`).toString())).toEqual(Object.fromEntries(wanted));
      }),
    );
  });

  it("is an object whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(JSON.parse(bodyOfQuery(`/score?${query}`).toString())).toBeTypeOf("object");
      }),
    );
    expect(bodyOfQuery("/score").toString()).toBe("{}");
  });
});

describe("origins", () => {
  const allowed = (origin: string | undefined, ...origins: string[]) =>
    corsHeaders(origin === undefined ? {} : { origin }, origins)["access-control-allow-origin"];

  it("are compared without their case, and * is any", () => {
    expect(allowed("https://A.example", "https://a.example", "https://b.example")).toBe("https://a.example");
    expect(allowed("https://c.example", "https://a.example", "https://b.example")).toBeUndefined();
    expect(allowed("https://c.example", "*")).toBe("*");
    expect([allowed(undefined, "https://a.example"), allowed("https://b.example", "https://a.example")]).toEqual([
      "https://a.example",
      undefined,
    ]);
  });
});
