import { type ColumnProfile, presentCount } from "../profile/column-profile.ts";
import type { ColumnLayout } from "../profile/layout.ts";
import { deviationOf } from "../profile/moments.ts";
import { type Counts, sharesOf } from "./bins.ts";
import { exactKolmogorovTail } from "./math/kolmogorov.ts";
import { areaBand, areaOver, shannonBand } from "./null-band.ts";
import { pooledP, poolRare } from "./tests/chi-square.ts";
import { shannonDistance2 } from "./tests/jensen-shannon.ts";
import { limitP } from "./tests/kolmogorov-smirnov.ts";

export interface Comparison {
  test: { name: string; statistic: number; pValue: number };
  /** How far apart; when nothing drifts, 95 of 100 windows of these sizes stay below `band`. */
  effect: { name: string; value: number; band: number };
}

/** Values in each that can be compared. */
export const comparable = ({ kind }: ColumnLayout, profile: ColumnProfile): number =>
  kind === "number" ? profile.moments.count : presentCount(profile);

/** Compares profiles of one layout, which both have values. */
export const compareColumn = (layout: ColumnLayout, baseline: ColumnProfile, current: ColumnProfile): Comparison =>
  layout.kind === "number" ? compareNumbers(layout, baseline, current) : compareCategories(baseline, current);

/** Exact p up to so many steps of its sum. */
const exactSteps = 1_000_000;

/**
 * The tests' statistics at the bins' edges, which all rows were counted by. The greatest distance there is at most that of all
 * values, so p is not too small.
 */
function compareNumbers(layout: ColumnLayout, baseline: ColumnProfile, current: ColumnProfile): Comparison {
  const { edges } = layout;
  const [n, m] = [baseline.moments.count, current.moments.count];
  const before = cumulated(baseline.bins, n);
  const now = cumulated(current.bins, m);
  const differences = before.map((share, i) => share - (now[i] ?? 0));
  const statistic = Math.max(0, ...differences.map(Math.abs));
  const pValue = n * m <= exactSteps ? exactKolmogorovTail(n, m, statistic) : limitP(statistic, n, m);
  const { unit, band } = scaleOf(layout, baseline);
  return {
    test: { name: "ks:bins", statistic, pValue },
    effect: {
      name: "wasserstein:bins",
      value: areaOver(edges, differences) / unit,
      band: band * Math.sqrt(1 / n + 1 / m),
    },
  };
}

/** Shares at or below each edge. */
function cumulated(bins: Float64Array, count: number): number[] {
  const shares: number[] = [];
  let sum = 0;
  for (let i = 0; i < bins.length - 1; i += 1) {
    sum += bins[i] as number;
    shares.push(sum / count);
  }
  return shares;
}

const scales = new WeakMap<ColumnProfile, { unit: number; band: number }>();

/** The spread of the baseline (interquartile range / 1.349, else the standard deviation), and the band of the area in it. */
function scaleOf({ edges }: ColumnLayout, baseline: ColumnProfile): { unit: number; band: number } {
  const known = scales.get(baseline);
  if (known !== undefined) return known;
  const below = cumulated(baseline.bins, baseline.moments.count);
  const at = (share: number) => edges[below.findIndex((found) => found >= share)] ?? baseline.moments.max;
  const quartiles = (at(0.75) - at(0.25)) / 1.349;
  const unit = quartiles > 0 ? quartiles : (deviationOf(baseline.moments) ?? 0) || 1;
  const scale = { unit, band: areaBand(below, edges) / unit };
  scales.set(baseline, scale);
  return scale;
}

function compareCategories(baseline: ColumnProfile, current: ColumnProfile): Comparison {
  const pooled = poolCategories(baseline, current);
  const { value, pValue } = pooledP(pooled);
  return {
    test: { name: "chi2:contingency", statistic: value, pValue: pValue ?? 1 },
    effect: {
      name: "js:base2",
      value: shannonDistance2(sharesOf(pooled.baseline), sharesOf(pooled.current)),
      band: shannonBand(pooled.baseline.length, presentCount(baseline), presentCount(current)),
    },
  };
}

/**
 * Values outside the layout count one by one where both profiles would have kept them, and belong to the rare ones otherwise. As
 * one cell they would always differ: the baseline has none of what it has not seen.
 */
function poolCategories(baseline: ColumnProfile, current: ColumnProfile): Counts {
  const limit = Math.min(baseline.distinct.limit, current.distinct.limit);
  const hashes = new Set([...baseline.distinct.values.keys(), ...current.distinct.values.keys()]);
  const others = [...hashes].filter((hash) => hash < limit);
  const countsOf = ({ known, distinct }: ColumnProfile) => [
    ...known,
    ...others.map((hash) => distinct.values.get(hash)?.count ?? 0),
  ];
  const counts = { baseline: countsOf(baseline), current: countsOf(current) };
  const restOf = (profile: ColumnProfile, counted: number[]) =>
    presentCount(profile) - counted.reduce((a, b) => a + b, 0);
  return poolRare(counts, { baseline: restOf(baseline, counts.baseline), current: restOf(current, counts.current) });
}
