import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { opensService, signServiceToken, tokenSecretOf } from "../../src/kernel/service-token.ts";

const tokenSecret = tokenSecretOf({ primary: "mk_one", secondary: "mk_two" });
const shop = { name: "shop", tokenSecret };
const end = 1_764_003_600_000;
const token = signServiceToken(shop, end);

describe("a token of a service", () => {
  it("opens its service until its end, and a minute more for clocks that differ", () => {
    expect(opensService(token, shop, end - 1)).toBe(true);
    expect(opensService(token, shop, end + 59_999)).toBe(true);
    expect(opensService(token, shop, end + 60_000)).toBe(false);
  });

  it("opens no other service, and none without a secret", () => {
    expect(opensService(token, { ...shop, name: "shop2" }, end)).toBe(false);
    expect(opensService(token, { name: "shop" }, end)).toBe(false);
  });

  it.each([
    { primary: "mk_new", secondary: "mk_two" },
    { primary: "mk_one", secondary: "mk_new" },
    { primary: "mk_two", secondary: "mk_one" },
  ])("ends when a key changes: %j", (keys) => {
    expect(opensService(token, { ...shop, tokenSecret: tokenSecretOf(keys) }, end)).toBe(false);
  });

  it("with any character changed is refused", () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(..."az09AZ-_. "), (at, character) => {
        fc.pre(token[at] !== character);
        expect(opensService(token.slice(0, at) + character + token.slice(at + 1), shop, 0)).toBe(false);
      }),
    );
  });

  it("is nothing else than what was signed: any other text is refused", () => {
    fc.assert(fc.property(fc.string(), (text) => !opensService(text, shop, 0)));
    expect(opensService(token.replace("mt_", "mt_0"), shop, 0)).toBe(false);
    expect(opensService(`${token}=`, shop, 0)).toBe(false);
  });
});
