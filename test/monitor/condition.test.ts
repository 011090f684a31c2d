import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { judge, type SignalShape } from "../../src/monitor/alerts/condition/condition.ts";
import { parseCondition } from "../../src/monitor/alerts/condition/parse-condition.ts";

const share = { least: 0, most: 1 };
const signals: SignalShape[] = [
  { name: "p95", unit: "time", argument: "none" },
  { name: "error_rate", unit: "share", argument: "none" },
  { name: "requests", unit: "count", argument: "none" },
  { name: "rate", unit: "rate", argument: "none" },
  { name: "missing", unit: "share", argument: "needed" },
  { name: "drift", unit: "number", argument: "optional" },
  { name: "measured", unit: "number", argument: "needed", bounds: (metric) => (metric === "r2" ? { most: 1 } : share) },
];
const parse = (text: string) => parseCondition(text, signals);

test("a condition is comparisons, a window and how long they must hold", () => {
  expect(parse("p95 > 200ms clear 0.15s and error_rate>=5% over 15m for 5m")).toEqual({
    comparisons: [
      { signal: "p95", argument: null, operator: ">", threshold: 200, clear: 150 },
      { signal: "error_rate", argument: null, operator: ">=", threshold: 0.05, clear: 0.05 },
    ],
    overMs: 900_000,
    forMs: 300_000,
  });
  expect(parse('missing("my (odd) \\"column\\"") > 0.1').comparisons[0]?.argument).toBe('my (odd) "column"');
  expect(parse("drift(größe) > 0.2 for 1h over 1d")).toMatchObject({ overMs: 86_400_000, forMs: 3_600_000 });
  expect(parse("drift < -1.5e-3").comparisons[0]?.threshold).toBe(-0.0015);
  expect(parse("measured(r2) < -1").comparisons[0]?.threshold).toBe(-1);
  expect(parse("measured(f1) < 100%").comparisons[0]?.threshold).toBe(1);
  expect(parse("rate < 60/m").comparisons[0]?.threshold).toBe(1);
});

/** What is refused, with the place it points at. */
const mistakes: [string, string, RegExp][] = [
  ["", "^", /expected a signal/],
  ["p59 > 200ms", "^", /no signal p59; there are p95, /],
  ["p95 200ms", "    ^", /expected one of > >= < <=, not 200ms/],
  ["p95 > 200", "      ^", /a time has a unit/],
  ["p95 > 200mz", "      ^", /a time has a unit/],
  ["error_rate > 5", "             ^", /write 5% or 0.05/],
  ["measured(accuracy) < 90", "                     ^", /measured\(accuracy\) is at most 1, which is 100 %/],
  ["measured(accuracy) < 101%", "                     ^", /measured\(accuracy\) is at most 1/],
  ["measured(accuracy) < 90% clear 95", "                               ^", /measured\(accuracy\) is at most 1/],
  ["measured(r2) < 2", "               ^", /measured\(r2\) is at most 1/],
  ["p95 > -5ms", "      ^", /p95 is at least 0/],
  ["requests > -1", "           ^", /requests is at least 0/],
  ["error_rate > -5%", "             ^", /error_rate is at least 0/],
  ["rate < -1/m", "       ^", /rate is at least 0/],
  ["p95 > 200ms for -3m", "                ^", /it is 0s to 90d/],
  ["p95 > 200ms over -1h", "                 ^", /a window is 1m to 90d/],
  ["requests > 5ms", "           ^", /has no unit/],
  ["requests > 1e999", "           ^", /too large/],
  ["p95 > 200ms for", "               ^", /expected a span behind for, such as 5m, not the end/],
  ["p95 > 200ms for 5m for 5m", "                   ^", /expected and, over, the end, not for/],
  ["p95 > 200ms over 10s", "                 ^", /a window is 1m to 90d/],
  ["p95 > 200ms clear 300ms", "            ^", /not above/],
  ["p95 > 200ms or p95 < 1ms", "            ^", /expected and, over, for, the end, not or/],
  ["p95(x) > 200ms", "   ^", /nothing stands in brackets/],
  ["missing > 5%", "        ^", /write missing\(column\)/],
  ["missing(a > 5%", "          ^", /expected \), not >/],
  ['missing("a > 5%', "        ^", /closing "/],
  ["p95 > 200ms; drop", "           ^", /; means nothing here/],
];
test.each(mistakes)("%j is refused, and the message points at the place", (text, place, reason) => {
  const error = (() => {
    try {
      parse(text);
    } catch (thrown) {
      return thrown as ModelyardError;
    }
    return undefined;
  })();
  expect(error).toMatchObject({ code: "condition-invalid", details: { place } });
  expect(error?.message).toMatch(reason);
});

describe("whatever is written", () => {
  const word = fc.constantFrom(
    "p95",
    "drift",
    "missing",
    "(",
    ")",
    ">",
    "<=",
    "5m",
    "10%",
    "3",
    "and",
    "over",
    "for",
    "clear",
    '"a b"',
    "x",
    "€",
    '"',
  );
  test("it is read, or refused at a place within it", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parse(text).comparisons.length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof ModelyardError)) throw error;
          expect(error.code).toBe("condition-invalid");
          expect(String(error.details.place).length).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a threshold is a value that its signal can have", () => {
    const threshold = fc.tuple(fc.constantFrom("p95", "requests", "rate", "error_rate", "measured(f1)"), fc.double());
    fc.assert(
      fc.property(threshold, ([signal, value]) => {
        const text = `${signal} > ${value}${signal === "p95" ? "ms" : ""}`;
        const most = signal === "error_rate" || signal === "measured(f1)" ? 1 : Number.MAX_VALUE;
        if (value >= 0 && value <= most) expect(parse(text).comparisons[0]?.threshold).toBe(Math.abs(value));
        else expect(() => parse(text)).toThrow(ModelyardError);
      }),
    );
  });

  test("spaces between its parts change nothing", () => {
    const number = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    const parts = fc.tuple(
      fc.constantFrom(">", ">=", "<", "<="),
      number,
      fc.constantFrom("ms", "s", "m"),
      fc.integer({ min: 1, max: 90 }),
    );
    fc.assert(
      fc.property(parts, ([operator, value, unit, minutes]) => {
        const tight = `p95${operator}${value}${unit} for ${minutes}m`;
        expect(parse(`  p95 \t ${operator}  ${value}${unit}  for  ${minutes}m `)).toEqual(parse(tight));
      }),
    );
  });

  test("no value both breaches and clears, and one beyond the threshold always breaches", () => {
    const value = fc.oneof(fc.double(), fc.constant(null));
    fc.assert(
      fc.property(
        value,
        fc.double({ noNaN: true }),
        fc.double({ noNaN: true, min: 0 }),
        (seen, threshold, distance) => {
          const above = judge(
            { signal: "x", argument: null, operator: ">", threshold, clear: threshold - distance },
            seen,
          );
          const below = judge(
            { signal: "x", argument: null, operator: "<", threshold, clear: threshold + distance },
            seen,
          );
          const known = seen !== null && !Number.isNaN(seen);
          expect(above === "breached").toBe(known && seen > threshold);
          expect(below === "breached").toBe(known && seen < threshold);
          if (!known) expect([above, below]).toEqual(["clear", "clear"]);
          else if (above === "between") expect(seen > threshold - distance).toBe(true);
        },
      ),
    );
  });
});
