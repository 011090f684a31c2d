import fc from "fast-check";
import { expect, it } from "vitest";
import { equalBins } from "../../web/src/features/monitor/equal-bins.ts";
import { labelValue } from "../../web/src/features/monitor/label-value.ts";
import { numberText } from "../../web/src/features/monitor/metric.ts";
import { resendOf } from "../../web/src/features/monitor/resend.ts";
import { given, textOf, wordOf } from "../../web/src/features/monitor/search-values.ts";

it("bins of equal width hold what the bins of equal shares held", () => {
  const edges = fc.uniqueArray(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 39 });
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
