import { describe, expect, it } from "vitest";
import { type DriftTest, runTest, type Samples } from "../../src/monitor/drift/drift-test.ts";
import { columns, samplesOf } from "../monitor/drift/columns.ts";

/** What every test of drift keeps to, whatever it computes. */
export function driftTestSuite(test: DriftTest): void {
  const fitting = columns.filter(({ kind }) => test.kinds.includes(kind));
  const near = (found: number, wanted: number) =>
    found === wanted || Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));

  describe(test.name, () => {
    it.each(fitting)("says of $name what scipy says", (column) => {
      const outcome = runTest(test, samplesOf(column));
      if (column.expected === null) {
        expect(outcome).toMatchObject({ state: "not-enough-data" });
        return;
      }
      const [value, pValue] = column.expected[test.name] ?? [Number.NaN, null];
      if ("state" in outcome) throw new Error("it found too little data");
      expect(near(outcome.value, value), `value ${outcome.value}, scipy ${value}`).toBe(true);
      if (pValue === null) expect(outcome.pValue).toBeNull();
      else expect(near(outcome.pValue ?? Number.NaN, pValue), `p ${outcome.pValue}, scipy ${pValue}`).toBe(true);
    });

    it("finds nothing between a sample and itself", () => {
      for (const column of fitting.filter(({ expected }) => expected !== null)) {
        const samples = samplesOf(column);
        const outcome = runTest(test, { ...samples, current: samples.baseline } as Samples);
        if ("state" in outcome) throw new Error("it found too little data");
        expect(outcome.value).toBeCloseTo(0, 12);
        if (outcome.pValue !== null) expect(outcome.pValue).toBeCloseTo(1, 9);
      }
    });

    it("says not enough data below the least number of values", () => {
      const samples: Samples = test.kinds.includes("number")
        ? { kind: "number", baseline: Float64Array.of(1, 2, 3), current: Float64Array.of(1, 2) }
        : { kind: "category", baseline: [2, 1], current: [1, 1] };
      expect(runTest(test, samples, 3)).toEqual({ state: "not-enough-data", baseline: 3, current: 2 });
    });
  });
}
