import fc from "fast-check";
import { expect, test } from "vitest";
import { unfitJson } from "../../src/kernel/unfit-json.ts";

test.each([
  [{ name: "a\0b" }, /^name: holds a NUL/],
  [{ tags: { "k\0": "v" } }, /^a name in tags: holds/],
  [{ files: [{ path: "ok" }, { path: "\ud800" }] }, /^files\.1\.path: holds/],
  [{ a: "\udc00x" }, /^a: holds/],
])("what no database keeps is told with its place: %j", (value, told) => {
  expect(unfitJson(value)).toMatch(told);
});

test("nesting without end is told and not followed", () => {
  let value: unknown = "x";
  for (let level = 0; level < 100_000; level += 1) value = [value];
  expect(unfitJson({ data: value })).toMatch(/nested more than 64 levels/);
});

test("any other JSON is fit", () => {
  fc.assert(
    fc.property(fc.json({ depthSize: "medium", stringUnit: "grapheme", noUnicodeString: false }), (text) => {
      expect(unfitJson({ data: JSON.parse(text.replaceAll("\\u0000", "")) })).toBeUndefined();
    }),
  );
  expect(unfitJson({ name: "größe 😀 日本", tags: { "\n": "\t" } })).toBeUndefined();
});
