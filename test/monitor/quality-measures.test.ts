import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRandom } from "../../src/monitor/drift/math/random.ts";
import { classificationQuality, scoreQuality } from "../../src/monitor/quality/classification.ts";
import { estimateQuality } from "../../src/monitor/quality/estimate.ts";
import { fitIsotonic } from "../../src/monitor/quality/isotonic.ts";
import { type Metric, share } from "../../src/monitor/quality/metric.ts";
import { regressionQuality } from "../../src/monitor/quality/regression.ts";
import { rocAuc } from "../../src/monitor/quality/roc.ts";

type Wanted = Record<string, [number | null, number | null, number | null]>;
interface Fixture {
  classification: {
    name: string;
    classes: number;
    actual: number[];
    predicted: number[];
    scores: number[][] | null;
    metrics: Wanted;
    byClass: [number, number][];
  }[];
  regression: { name: string; actual: number[]; predicted: number[]; metrics: Wanted }[];
  estimates: {
    name: string;
    scores: number[][];
    probabilities: number[][];
    predicted: number[];
    metrics: Wanted;
  }[];
  isotonic: { x: number[]; y: number[]; asked: number[]; wanted: number[] };
}

/** Made by fixtures/quality.py with scikit-learn and scipy. */
const fixture = JSON.parse(readFileSync(new URL("fixtures/quality.json", import.meta.url), "utf8")) as Fixture;

/** Within 1e-9 of the larger of 1 and the value; what was worked out with numeric derivatives within 1e-6. */
function expectMetrics(metrics: readonly Metric[], wanted: Wanted): void {
  expect(metrics.map(({ name }) => name).sort()).toEqual(Object.keys(wanted).sort());
  for (const { name, value, low, high } of metrics) {
    const [wantedValue, wantedLow, wantedHigh] = wanted[name] ?? [];
    expectNear(value, wantedValue, 1e-9, name);
    expectNear(low, wantedLow, name.includes("macro") ? 1e-6 : 1e-9, `${name} low`);
    expectNear(high, wantedHigh, name.includes("macro") ? 1e-6 : 1e-9, `${name} high`);
  }
}

function expectNear(value: number | null, wanted: number | null | undefined, tolerance: number, what: string): void {
  if (wanted === null || wanted === undefined) expect(value, what).toBe(wanted);
  else expect(Math.abs((value ?? Number.NaN) - wanted), what).toBeLessThanOrEqual(tolerance * Math.max(1, wanted));
}

const alike = (rows: readonly unknown[]): number[] => rows.map(() => 1);

describe("classification is measured as scikit-learn measures it", () => {
  test.each(fixture.classification)("$name", ({ classes, metrics, byClass, scores, ...rows }) => {
    const names = Array.from({ length: classes }, (_, k) => String(k));
    const weights = alike(rows.actual);
    const found = classificationQuality({ ...rows, weights, classes: names });
    const ofScores = scores === null ? [] : scoreQuality({ ...rows, weights, classes: names, scores });
    expectMetrics([...found.metrics, ...ofScores], metrics);
    expect(found.byClass.map(({ rows: count, precision }) => [count, precision.value ?? 0])).toEqual(
      byClass.map(([count, precision]) => [count, expect.closeTo(precision, 12)]),
    );
  });
});

describe("regression is measured as scikit-learn measures it", () => {
  test.each(fixture.regression)("$name", ({ actual, predicted, metrics }) =>
    expectMetrics(regressionQuality(actual, predicted, alike(actual)), metrics));
});

describe("what is expected without labels follows from the probabilities alone", () => {
  test.each(fixture.estimates)("$name", ({ metrics, ...rows }) =>
    expectMetrics(
      estimateQuality({ ...rows, weights: alike(rows.scores), classes: rows.scores[0]?.length ?? 0 }),
      metrics,
    ));
});

test("isotonic regression is scikit-learn's", () => {
  const { x, y, asked, wanted } = fixture.isotonic;
  const calibrated = fitIsotonic(x, y, alike(x));
  for (const [index, score] of asked.entries()) expect(calibrated(score)).toBeCloseTo(wanted[index] ?? Number.NaN, 12);
});

test("the area under the curve is what all pairs of rows say, whatever is tied", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(rows, (list) => {
      const [ofClass, rest] = [true, false].map((wanted) => list.filter(([, is]) => is === wanted));
      const pairs = (ofClass ?? []).flatMap(([score]) =>
        (rest ?? []).map(([other]) => Math.sign(score - other) / 2 + 0.5),
      );
      const found = rocAuc(
        list.map(([score]) => score),
        list.map(([, is]) => (is ? 1 : 0)),
        alike(list),
      );
      if (pairs.length === 0) expect(found).toBeNull();
      else expect(found?.value).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 12);
    }),
  );
});

test("95 % intervals hold what is true 95 times of 100, also of few rows", () => {
  const random = makeRandom(7).uniform;
  let held = 0;
  const trials = 1000;
  for (let trial = 0; trial < trials; trial += 1) {
    const actual = Array.from({ length: 60 }, () => Math.floor(random() * 3));
    const predicted = actual.map((truth) => (random() < 0.8 ? truth : (truth + 1 + Math.floor(random() * 2)) % 3));
    const { metrics } = classificationQuality({
      ...{ classes: ["a", "b", "c"], actual, predicted },
      weights: alike(actual),
    });
    const { low, high } = metrics.find(({ name }) => name === "f1_macro") as Metric;
    if ((low ?? 1) <= 0.8 && (high ?? 0) >= 0.8) held += 1;
  }
  expect(held / trials).toBeGreaterThan(0.92);
  expect(held / trials).toBeLessThan(0.98);
});

/** Rows of three classes with scores, labels of two kinds, and what each stands for. */
const weightedRows = fc.array(
  fc.record({
    actual: fc.integer({ min: 0, max: 2 }),
    predicted: fc.integer({ min: 0, max: 2 }),
    parts: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 9 }))),
    truth: fc.integer({ min: -9, max: 9 }),
    value: fc.integer({ min: -9, max: 9 }),
    weight: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 3, maxLength: 30 },
);
type WeightedRow = typeof weightedRows extends fc.Arbitrary<(infer Row)[]> ? Row : never;

function allMeasures(rows: readonly WeightedRow[], weights: readonly number[]): Metric[] {
  const scores = rows.map(({ parts }) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0)));
  const [actual, predicted] = [rows.map((row) => row.actual), rows.map((row) => row.predicted)];
  const classes = ["a", "b", "c"];
  const { metrics, byClass } = classificationQuality({ classes, actual, predicted, weights });
  return [
    ...metrics,
    ...byClass.flatMap(({ precision, recall }) => [precision, recall]),
    ...scoreQuality({ classes, actual, scores, weights }),
    ...estimateQuality({ classes: 3, predicted, scores, probabilities: scores, weights }),
    ...regressionQuality(
      rows.map(({ truth }) => truth),
      rows.map(({ value }) => value),
      weights,
    ),
  ];
}

test("a row that stands for several requests counts as often, and weights that are all the same change nothing", () => {
  fc.assert(
    fc.property(weightedRows, (rows) => {
      const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => row));
      const weighted = allMeasures(
        rows,
        rows.map(({ weight }) => weight),
      );
      for (const [place, { name, value }] of allMeasures(repeated, alike(repeated)).entries())
        expectNear(weighted[place]?.value ?? null, value, 1e-9, name);
      const tenfold = allMeasures(
        rows,
        rows.map(() => 10),
      );
      for (const [place, { name, value, low, high }] of allMeasures(rows, alike(rows)).entries()) {
        expectNear(tenfold[place]?.value ?? null, value, 1e-9, name);
        expectNear(tenfold[place]?.low ?? null, low, 1e-6, `${name} low`);
        expectNear(tenfold[place]?.high ?? null, high, 1e-6, `${name} high`);
      }
    }),
  );
});

test("95 % intervals hold what is true of all requests when unsure answers are kept and a tenth of the others", () => {
  const random = makeRandom(11).uniform;
  let held = 0;
  const trials = 1000;
  for (let trial = 0; trial < trials; trial += 1) {
    const rows = Array.from({ length: 1500 }, () => {
      const isUnsure = random() < 0.2;
      return { isUnsure, isRight: random() < (isUnsure ? 0.55 : 0.95), isKept: isUnsure || random() < 0.1 };
    }).filter(({ isKept }) => isKept);
    const { metrics } = classificationQuality({
      classes: ["a", "b"],
      actual: alike(rows),
      predicted: rows.map(({ isRight }) => (isRight ? 1 : 0)),
      weights: rows.map(({ isUnsure }) => (isUnsure ? 1 : 10)),
    });
    const { low, high } = metrics.find(({ name }) => name === "accuracy") as Metric;
    if ((low ?? 1) <= 0.87 && (high ?? 0) >= 0.87) held += 1;
  }
  expect(held / trials).toBeGreaterThan(0.93);
});

test("the interval of a share ends exactly at 0 when nothing was right, and at 1 when everything was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (trials) => {
      expect(share("accuracy", 0, trials).low).toBe(0);
      expect(share("accuracy", trials, trials).high).toBe(1);
    }),
  );
});
