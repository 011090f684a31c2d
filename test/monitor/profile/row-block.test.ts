import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noProfile, takeValues } from "../../../src/monitor/profile/column-profile.ts";
import { addDistinct, noDistinct } from "../../../src/monitor/profile/distinct-values.ts";
import type { ColumnLayout } from "../../../src/monitor/profile/layout.ts";
import { appendRows, noRows, type RowBlock, rowAt } from "../../../src/monitor/profile/row-block.ts";
import type { Value } from "../../../src/records/table.ts";

const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 1030 }) },
  { weight: 3, arbitrary: fc.double() },
  fc.constantFrom(null, true, false, "a", "1", 0, -0, 1023, 1024, 2 ** 31, 2 ** 32 + 5),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);
/** Records of one to some rows, one behind the other. */
const records = fc.array(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 90 }), { maxLength: 6 });
const layouts: readonly ColumnLayout[] = [
  { kind: "number", edges: [], categories: [], complete: false, types: [], range: null },
  { kind: "number", edges: [-1, 0, 5, 1023], categories: [], complete: false, types: ["number"], range: [-2, 900] },
  { kind: "category", edges: [], categories: ["a", 1, true, 0.5], complete: true, types: ["string"], range: null },
];

/** Record by record, as they come; a row's hash is its place in its record. */
function blockOf(all: readonly (readonly Value[])[][]): RowBlock {
  const block = noRows(["a", "b"]);
  for (const rows of all) {
    const hashes = rows.map((_, i) => i);
    appendRows(block, rows, hashes);
  }
  return block;
}

/** One value after the other, as the definitions say. */
function countOneByOne({ kind, edges, categories, range }: ColumnLayout, values: readonly Value[]) {
  const numbers = values.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
  const present = values.filter(
    (one): one is Exclude<Value, null> => one !== null && !Number.isNaN(one) && !isInfinite(one),
  );
  const distinct = noDistinct(kind === "number" && edges.length > 0 ? 16 : 64);
  for (const one of present) if (!categories.includes(one)) addDistinct(distinct, one === 0 ? 0 : one);
  return {
    rows: values.length,
    missing: values.filter((one) => one === null || Number.isNaN(one)).length,
    infinite: values.filter(isInfinite).length,
    texts: values.filter((one) => typeof one === "string").length,
    booleans: values.filter((one) => typeof one === "boolean").length,
    bins: [...edges, Number.POSITIVE_INFINITY].map(
      (edge, i) => numbers.filter((one) => one <= edge && (i === 0 || one > (edges[i - 1] as number))).length,
    ),
    known: categories.map((category) => present.filter((one) => one === category).length),
    below: numbers.filter((one) => range !== null && one < range[0]).length,
    above: numbers.filter((one) => range !== null && one > range[1]).length,
    distinct: [...distinct.values].sort(([a], [b]) => a - b),
    limit: distinct.limit,
  };
}
const isInfinite = (one: Value): boolean => one === Number.POSITIVE_INFINITY || one === Number.NEGATIVE_INFINITY;

describe("rows that came record by record", () => {
  it("are counted column by column as one value after the other: every count and every distinct value", () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...layouts), (all, layout) => {
        const block = blockOf(all);
        for (const place of [0, 1]) {
          const profile = noProfile(layout);
          takeValues(profile, layout, block, place);
          const { moments, distinct, bins, known, ...counts } = profile;
          const values = all.flat().map((row) => row[place] as Value);
          expect({
            ...{ ...counts, bins: [...bins], known: [...known], limit: distinct.limit },
            distinct: [...distinct.values].sort(([a], [b]) => a - b),
          }).toEqual(countOneByOne(layout, values));
          expect(moments.count).toBe(bins.reduce((sum, count) => sum + count, 0));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("come back as they were added, each value of its own kind", () => {
    fc.assert(
      fc.property(records, (all) => {
        const block = blockOf(all);
        const rows = all.flat();
        expect(rows.map((_, row) => rowAt(block, row))).toEqual(rows);
        expect([...block.hashes.subarray(0, block.rows)]).toEqual(all.flatMap((part) => part.map((_, i) => i)));
      }),
      { numRuns: 200 },
    );
  });
});
