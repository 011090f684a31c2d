import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addLatency,
  decodeLatencies,
  encodeLatencies,
  type LatencyHistogram,
  mergeLatencies,
  quantileMs,
} from "../../src/monitor/usage/latency-histogram.ts";

const millis = fc.double({ min: 0, max: 1e9, noNaN: true });
const histogramOf = (values: readonly number[]): LatencyHistogram => {
  const histogram: LatencyHistogram = new Map();
  for (const value of values) addLatency(histogram, value);
  return histogram;
};

test("a histogram is read as it was written, and two merged are that of all values", () => {
  fc.assert(
    fc.property(fc.array(millis), fc.array(millis), (some, others) => {
      const [one, other] = [histogramOf(some), histogramOf(others)];
      expect(decodeLatencies(encodeLatencies(one))).toEqual(one);
      mergeLatencies(one, other);
      expect(one).toEqual(histogramOf([...some, ...others]));
    }),
  );
});

test("a quantile is within 1 % of the value at its rank", () => {
  const values = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (sample, share) => {
      const exact = [...sample].sort((a, b) => a - b)[Math.ceil(share * sample.length) - 1] ?? 0;
      const told = quantileMs(histogramOf(sample), share) ?? 0;
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact * 0.0100001);
    }),
  );
});

test("what was kept as JSON before is read too", () => {
  expect(decodeLatencies('{"-12":3,"40":1}')).toEqual(
    new Map([
      [-12, 3],
      [40, 1],
    ]),
  );
});
