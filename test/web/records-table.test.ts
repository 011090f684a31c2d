import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Sight, sightOf } from "../../web/src/features/monitor/blocks-in-sight.ts";
import { makeRowOf } from "../../web/src/features/monitor/record-row.ts";

const height = 170;
const start: Sight = { first: 0, count: 0, base: 0 };
const blocksOf = ({ first, count }: Sight) => Array.from({ length: count }, (_, place) => first + place);
const keysOf = (sight: Sight) => blocksOf(sight).map((index) => index - sight.base);

describe("blocks in sight", () => {
  const offsets = fc.array(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 1, maxLength: 50 });

  it("fill the window wherever it stands, with one more on both sides", () => {
    fc.assert(
      fc.property(offsets, fc.integer({ min: 1, max: 5000 }), (path, window) => {
        let sight = start;
        for (const offset of path) {
          sight = sightOf(sight, height, offset, window);
          expect(sight.first).toBeLessThanOrEqual(Math.max(0, Math.floor(offset / height) - 1));
          expect((sight.first + sight.count - 1) * height).toBeGreaterThanOrEqual(offset + window);
        }
      }),
    );
  });

  it("keep the elements of what stays in sight, by small steps down and up", () => {
    let sight = sightOf(start, height, 0, 450);
    const { base } = sight;
    for (const offset of [100, 200, 400, 700, 900, 700, 400, 200, 0]) {
      sight = sightOf(sight, height, offset, 450);
      expect(sight.base).toBe(base);
    }
  });

  it("are drawn into the elements that are there after a jump", () => {
    let sight = sightOf(start, height, 0, 450);
    const keys = keysOf(sight);
    for (const offset of [3000, 900_000, 6000, 170]) {
      sight = sightOf(sight, height, offset, 450);
      expect(keysOf(sight)).toEqual(keys);
    }
  });

  it("are the same object while nothing is to be drawn", () => {
    const sight = sightOf(start, height, 400, 450);
    expect(sightOf(sight, height, 420, 450)).toBe(sight);
  });
});

it("a row says a record's correlation id only where the client chose one", () => {
  const rowOf = makeRowOf();
  const record = {
    ...{
      id: "r-1",
      correlationId: "r-1",
      service: "digits",
      revision: 2,
      models: ["a:1", "b:2"],
      at: 5,
      durationMs: 1,
    },
    ...{ status: 200, mirrored: false, caller: null, weight: 1, bodySize: 3, answerSize: 3 },
  };
  expect(rowOf(record)).toMatchObject({ id: "r-1", models: "a:1, b:2", correlationId: null, caller: null });
  expect(rowOf({ ...record, correlationId: "order-1" })).toMatchObject({ correlationId: "order-1" });
});
