import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjusted } from "../../../src/monitor/drift/benjamini-hochberg.ts";
import { makeRandom, type Random } from "../../../src/monitor/drift/math/random.ts";
import {
  type BaselineProfile,
  compareTables,
  defaultPolicy,
  driftScore,
  latestCompared,
  stateOf,
} from "../../../src/monitor/drift/policy.ts";
import { fisherExact } from "../../../src/monitor/drift/tests/chi-square.ts";
import { makeLayout } from "../../../src/monitor/profile/make-layout.ts";
import {
  baselineSample,
  noTable,
  rowHashes,
  type TableProfile,
  takeTable,
} from "../../../src/monitor/profile/table-profile.ts";
import type { Value } from "../../../src/records/table.ts";

type Row = Record<string, Value>;

function profileOf(rows: Row[], layout = {}): TableProfile {
  const columns = Object.keys(rows[0] ?? {});
  const profile = noTable();
  const values = rows.map((row) => columns.map((column) => row[column] ?? null));
  takeTable(profile, layout, { columns, rows: values }, rowHashes("r", rows.length), baselineSample);
  return profile;
}

function baselineOf(rows: Row[]): BaselineProfile {
  const layout = makeLayout(profileOf(rows));
  return { layout, profile: profileOf(rows, layout) };
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** A row of what tables hold: all kinds of column, nothing depends on anything. */
const ordinary = (random: Random): Row => ({
  normal: random.normal(),
  tiny: 1e-9 * random.normal(),
  lognormal: Math.exp(random.normal()),
  pareto: random.uniform() ** (-1 / 1.2),
  zeros: random.uniform() < 0.8 ? 0 : random.uniform(),
  count: Math.floor(-3 * Math.log(1 - random.uniform())),
  code: Math.floor(4 * random.uniform()),
  rare: `k${Math.floor(60 * random.uniform() ** 3)}`,
  flag: random.uniform() < 0.03,
  gaps: random.uniform() < 0.3 ? null : random.normal(),
  constant: 7.5,
});

const window = (baseline: BaselineProfile, rows: Row[]) => compareTables(baseline, profileOf(rows, baseline.layout));
const named = (found: ReturnType<typeof window>, name: string) => {
  const column = found.find(({ column }) => column === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
};

describe("the default policy", () => {
  it.each([
    [100, 100, 100],
    [1000, 300, 30],
    [2000, 2000, 8],
  ])("of %i and %i undrifted rows tells at most one column in twenty to differ, and gives hardly a signal", (n, m, trials) => {
    const random = makeRandom(n + m);
    let columns = 0;
    let differ = 0;
    let signals = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const found = window(
        baselineOf(times(n, () => ordinary(random))),
        times(m, () => ordinary(random)),
      );
      columns += found.length;
      differ += found.filter((column) => column.differs).length;
      signals += found.filter((column) => column.signals.length > 0).length;
    }
    expect(differ / columns).toBeLessThanOrEqual(0.05);
    expect(signals / columns).toBeLessThanOrEqual(0.01);
  });

  it("finds what drifted, whatever the scale and the tail, and nothing else", () => {
    const random = makeRandom(7);
    const baseline = baselineOf(times(3000, () => ordinary(random)));
    const moved = times(1000, () => {
      const row = ordinary(random);
      return {
        ...row,
        tiny: Number(row.tiny) + 0.5e-9,
        pareto: random.uniform() ** (-1 / 0.9),
        zeros: random.uniform() < 0.6 ? 0 : random.uniform(),
        rare: `k${Math.floor(60 * random.uniform())}`,
        constant: 8,
      };
    });
    const found = window(baseline, moved);
    expect(found.filter(({ differs }) => differs).map(({ column }) => column)).toEqual([
      ...["tiny", "pareto", "zeros", "rare", "constant"],
    ]);
    expect(named(found, "constant").signals).toMatchObject([{ kind: "unseen-category", count: 1000, examples: ["8"] }]);
  });

  it("does not tell of a difference that is sure and of no use", () => {
    const random = makeRandom(11);
    const baseline = baselineOf(times(20_000, () => ({ x: random.normal() })));
    const found = named(
      window(
        baseline,
        times(20_000, () => ({ x: random.normal() + 0.05 })),
      ),
      "x",
    );
    expect(found.comparison?.test.pValue).toBeLessThan(0.001);
    expect(found.differs).toBe(false);
  });

  it("has its own signals for missing, unseen, mistyped, out of range, infinite and constant values", () => {
    const random = makeRandom(13);
    const row = () => ({
      ...{ gaps: random.uniform() < 0.05 ? null : random.normal(), city: random.uniform() < 0.5 ? "Bern" : "Köln" },
      ...{ age: 20 + 40 * random.uniform(), income: random.normal(), level: random.normal(), score: random.uniform() },
    });
    const baseline = baselineOf(times(1000, row));
    const found = window(
      baseline,
      times(400, (i) => ({
        ...row(),
        gaps: random.uniform() < 0.34 ? Number.NaN : random.normal(),
        city: i % 20 === 0 ? "東京" : "Bern",
        age: i % 10 === 0 ? "41" : 30,
        income: i === 3 ? Number.NEGATIVE_INFINITY : random.normal(),
        level: 0.25,
        score: i % 20 === 0 ? 100 : random.uniform(),
      })),
    );
    const kinds = Object.fromEntries(found.map(({ column, signals }) => [column, signals.map(({ kind }) => kind)]));
    expect(kinds).toEqual({
      ...{ gaps: ["missing"], city: ["unseen-category"], age: ["type-error"], income: ["infinite"] },
      ...{ level: ["constant"], score: ["out-of-range"] },
    });
    expect(named(found, "city").signals[0]).toMatchObject({ count: 20, share: 0.05, examples: ["東京"] });
    expect(named(found, "age").signals[0]).toMatchObject({ count: 40, examples: ["41"] });
  });

  it("says not enough data of a column without values, and that they are missing", () => {
    const random = makeRandom(17);
    const baseline = baselineOf(times(200, () => ({ x: random.normal(), y: random.normal() })));
    const [x, y] = window(
      baseline,
      times(200, () => ({ y: random.normal() })),
    );
    expect(x).toMatchObject({ comparison: null, differs: false, signals: [{ kind: "missing", share: 1 }] });
    expect(y?.comparison).not.toBeNull();
    expect(
      window(
        baseline,
        times(49, () => ({ x: 100, y: 100 })),
      )[0]?.comparison,
    ).toBeNull();
  });

  it("calls a column drifting after two of three windows, suspected after one", () => {
    const of = (text: string) =>
      [...text].map((c) => ({ differs: c === "d", comparison: c === "-" ? null : ({} as never) }));
    const state = (text: string) => stateOf(of(text), defaultPolicy);
    expect(["", "-", "---", "s", "d", "sd", "dd", "dds", "dss", "ddss", "d-d", "dd-"].map(state)).toEqual([
      ...["not-enough-data", "not-enough-data", "not-enough-data", "steady", "suspected", "suspected", "drifting"],
      ...["drifting", "steady", "steady", "drifting", "drifting"],
    ]);
  });

  it("holds to what the newest window with enough data said, through silent ones", () => {
    const of = (text: string) =>
      [...text].map((c) => ({ differs: c === "d", comparison: c === "-" ? null : ({} as never), mark: c }));
    const told = (text: string) => [stateOf(of(text), defaultPolicy), latestCompared(of(text), defaultPolicy)?.mark];
    expect(["d-", "sd-", "d--", "ds-", "s--", "d---"].map(told)).toEqual([
      ...[...["d-", "sd-", "d--"].map(() => ["suspected", "d"]), ["steady", "s"], ["steady", "s"]],
      ["not-enough-data", undefined],
    ]);
  });

  it("weighs the score by importance, over columns with enough data", () => {
    const columns = [
      { column: "a", state: "drifting" },
      { column: "b", state: "steady" },
      { column: "c", state: "not-enough-data" },
    ] as const;
    expect(driftScore(columns)).toBe(0.5);
    expect(driftScore(columns, { a: 3, b: 1, c: 9 })).toBe(0.75);
    expect(driftScore(columns.slice(2))).toBeNull();
    expect(driftScore(columns, { prediction: 2 })).toBe(0.5);
  });
});

describe("p-values", () => {
  it("are adjusted as scipy's false_discovery_control does", () => {
    const found = adjusted([0.0002, 0.0216, 0.05, null, 0.024, 0.95]);
    for (const [i, scipy] of [0.001, 0.04, 0.0625, null, 0.04, 0.95].entries())
      expect(scipy === null ? found[i] : Math.abs((found[i] ?? 2) - scipy) < 1e-12).toBe(scipy === null ? null : true);
  });

  it("stay in their order when adjusted, and are never made smaller", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
        const found = adjusted(ps).map((p) => p ?? 2);
        for (const [i, p] of found.entries()) {
          expect(p).toBeGreaterThanOrEqual(ps[i] ?? 2);
          expect(p).toBeLessThanOrEqual(1);
          for (const [j, q] of found.entries()) if ((ps[i] ?? 0) < (ps[j] ?? 0)) expect(p).toBeLessThanOrEqual(q);
        }
      }),
    );
  });

  it("of Fisher's test are probabilities, and the same from either side", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(60), fc.nat(60), (a, b, c, d) => {
        const p = fisherExact(a, a + c, b, b + d);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact(b, b + d, a, a + c)).toBeCloseTo(p, 9);
      }),
    );
  });
});
