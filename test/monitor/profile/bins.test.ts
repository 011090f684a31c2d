import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noProfile, takeValues } from "../../../src/monitor/profile/column-profile.ts";
import type { ColumnLayout } from "../../../src/monitor/profile/layout.ts";
import { blockOf } from "../../../src/monitor/profile/row-block.ts";
import { rowHashes } from "../../../src/monitor/profile/table-profile.ts";

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
);

describe("numbers counted by bins", () => {
  it("are each in the bin that has as many edges below it, whatever the edges", () => {
    fc.assert(
      fc.property(fc.uniqueArray(number, { maxLength: 39 }), fc.array(number, { maxLength: 100 }), (given, drawn) => {
        const edges = given.sort((a, b) => a - b);
        const layout: ColumnLayout = {
          ...{ kind: "number", edges, categories: [], complete: false, types: ["number"], range: null },
        };
        const values = [...drawn, ...edges];
        const profile = noProfile(layout);
        const rows = values.map((value) => [value]);
        takeValues(profile, layout, blockOf({ columns: ["n"], rows }, rowHashes("r", rows.length)), 0);
        const expected = new Float64Array(edges.length + 1);
        for (const value of values) {
          const bin = edges.filter((edge) => edge < value).length;
          expected[bin] = (expected[bin] ?? 0) + 1;
        }
        expect(profile.bins).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
