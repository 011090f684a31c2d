import fc from "fast-check";
import { expect, it } from "vitest";
import { driftSignalText } from "../../src/contract/drift-signal-text.ts";
import { sizeText } from "../../src/doors/cli/present/text.ts";
import { equalBins } from "../../web/src/features/monitor/equal-bins.ts";
import { labelValue } from "../../web/src/features/monitor/label-value.ts";
import { numberText } from "../../web/src/features/monitor/metric.ts";
import { resendOf } from "../../web/src/features/monitor/resend.ts";
import { given, textOf, wordOf } from "../../web/src/features/monitor/search-values.ts";
import { bytesText } from "../../web/src/ui/numbers.ts";

it("bins of equal width hold what the bins of equal shares held", () => {
  // edges differ as numbers: between 0 and -0 there is no bin
  const edges = fc.uniqueArray(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    ...{ minLength: 2, maxLength: 39, comparator: "SameValueZero" as const },
  });
  fc.assert(
    fc.property(edges, fc.infiniteStream(fc.integer({ min: 0, max: 1000 })), (found, counts) => {
      const sorted = [...found].sort((a, b) => a - b);
      const bins = Array.from({ length: sorted.length + 1 }, (_, place) => ({
        above: sorted[place - 1] ?? null,
        upTo: sorted[place] ?? null,
        baseline: counts.next().value,
        current: counts.next().value,
      }));
      const sum = (some: typeof bins, which: "baseline" | "current") => some.reduce((all, bin) => all + bin[which], 0);
      const equal = equalBins(bins) as typeof bins;
      for (const which of ["baseline", "current"] as const) expect(sum(equal, which)).toBeCloseTo(sum(bins, which), 3);
      expect(equal[0]).toEqual(bins[0]);
      expect(equal.at(-1)).toEqual(bins.at(-1));
    }),
  );
});

it("a label is read as a file of labels reads it", () => {
  expect(["7", "-0.5", "1e3", "007", "true", "cat", "1.", "0x1", "1e999", ""].map(labelValue)).toEqual([
    ...[7, -0.5, 1000, "007", true, "cat", "1.", "0x1", "1e999", ""],
  ]);
});

it("a number is told with the digits that matter", () => {
  expect([0, 0.00012, 0.0341, 12.5, 3210.4, 2e7, -0.5].map(numberText)).toEqual([
    ...["0", "0.00012", "0.0341", "12.5", "3,210", "2.00e+7", "-0.5"],
  ]);
});

it("a request can be sent again as it came, where it was kept whole", () => {
  const record = {
    language: "azure",
    service: "digits",
    body: `{"a": "it's"}`,
    bodyEncoding: "utf8",
    bodyTruncated: false,
  };
  const at = { scoringUri: "http://h/services/digits/score", needsKey: true };
  const curl = (change: object) => resendOf({ ...record, ...change } as never, at);
  expect(curl({})).toBe(
    `curl -sS http://h/services/digits/score -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' --data-raw '{"a": "it'\\''s"}'`,
  );
  expect(curl({ language: "inference" })).toContain("http://h/services/digits/v2/models/digits/infer");
  expect(curl({ language: "mlflow" })).toContain("http://h/services/digits/invocations");
  expect(curl({ bodyTruncated: true })).toBeUndefined();
  expect(curl({ bodyEncoding: "base64" })).toBeUndefined();
});

it("values of an address are texts and known words, and what is not given is left out", () => {
  expect(given({ a: textOf(500), b: textOf({}), c: wordOf(["x", "y"], "z"), d: wordOf(["x"], "x") })).toEqual({
    ...{ a: "500", d: "x" },
  });
});

it("a signal of a column tells numbers with four digits, as long as that tells them apart", () => {
  const signal = { kind: "out-of-range" as const, count: 1, share: 0.5, baselineShare: 0 };
  const told = (...examples: string[]) => driftSignalText({ ...signal, examples }, (share) => `${100 * share} %`);
  expect(told("0.12345678901234567 < 0.9876543210987654", "123456 > 99.5")).toBe(
    "out of range 50 % (was 0 %): 0.1235 < 0.9877, 123456 > 99.5",
  );
  expect(told("1.00000002 > 1.00000001")).toContain("1.00000002 > 1.00000001");
});

it("the size of a file is the same in a page and in a terminal", () => {
  expect([999, 12_345, 5e9].map(bytesText)).toEqual([999, 12_345, 5e9].map(sizeText));
});
