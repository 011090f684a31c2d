import { expect, test } from "vitest";
import { found } from "../../web/src/features/shell/found.ts";
import { places } from "../../web/src/features/shell/places.ts";
import { wishOf } from "../../web/src/features/shell/wish.ts";

test("a key asks for search or help, g and a key after it for a page, and anything else for nothing", () => {
  expect(wishOf(undefined, "/", places)).toEqual({ open: "search" });
  expect(wishOf(undefined, "?", places)).toEqual({ open: "help" });
  expect(wishOf(undefined, "g", places)).toBe("more");
  for (const { key, to } of places) expect(wishOf("g", key, places)).toEqual({ to });
  expect(wishOf("g", "/", places)).toBeUndefined();
  expect(wishOf(undefined, "u", places)).toBeUndefined();
});

test("every page has a key of its own", () => {
  expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
});

test("a search finds services by a part of their name, those that begin so first, then models, then pages", () => {
  const services = ["old-shop", "shop", "fraud"].map((name) => ({ name, models: ["m:1"] }));
  const items = found("SHOP", services, [{ name: "shop/möbel" }]);
  expect(items.map(({ kind, label }) => [kind, label])).toEqual([
    ["service", "shop"],
    ["service", "old-shop"],
    ["model", "shop/möbel"],
  ]);
  expect(items[2]?.href).toBe("/register/models/shop%2Fm%C3%B6bel");
  expect(found("upd", services, []).map(({ href }) => href)).toEqual(["/update"]);
});
