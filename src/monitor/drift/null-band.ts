import { chiSquareQuantile } from "./math/gamma.ts";
import { makeRandom } from "./math/random.ts";

/** What an effect stays below in 95 of 100 windows when nothing drifts. */
const outside = 0.05;
const draws = 500;

/** Standard normal numbers that are the same at every start. */
function normals(count: number): Float64Array<ArrayBuffer> {
  const random = makeRandom(20260729);
  return Float64Array.from({ length: count }, random.normal);
}

let drawn = new Float64Array(0);

/**
 * The band of the area between two empirical distribution functions over ascending edges, for samples with 1/n + 1/m = 1: times
 * √(1/n + 1/m) it is that of any sizes. The difference of two samples of one distribution is a Brownian bridge at the shares
 * below the edges (Donsker), so bridges are drawn.
 */
export function areaBand(sharesBelow: readonly number[], edges: readonly number[]): number {
  const steps = sharesBelow.length + 1;
  if (drawn.length < draws * steps) drawn = normals(draws * steps);
  const scales = sharesBelow.map((share, i) => Math.sqrt(Math.max(0, share - (sharesBelow[i - 1] ?? 0))));
  scales.push(Math.sqrt(Math.max(0, 1 - (sharesBelow.at(-1) ?? 0))));
  const bridge = new Float64Array(steps);
  const areas = Float64Array.from({ length: draws }, (_, draw) => {
    let at = 0;
    for (let i = 0; i < steps; i += 1) {
      at += (drawn[draw * steps + i] as number) * (scales[i] as number);
      bridge[i] = at;
    }
    for (let i = 0; i < sharesBelow.length; i += 1) bridge[i] = (bridge[i] as number) - (sharesBelow[i] as number) * at;
    return areaOver(edges, bridge);
  }).sort();
  return areas[Math.floor(draws * (1 - outside))] ?? 0;
}

/** The area under |difference| between the first and the last edge, straight from edge to edge. */
export function areaOver(edges: readonly number[], differences: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < edges.length; i += 1) {
    const width = (edges[i] as number) - (edges[i - 1] as number);
    area += (width * (Math.abs(differences[i - 1] as number) + Math.abs(differences[i] as number))) / 2;
  }
  return area;
}

const quantiles = new Map<number, number>();

/**
 * The band of the Jensen–Shannon distance (base 2) of two samples over `categories`. Near equality its square times 8 ln 2 is
 * the chi-square statistic over nm/(n+m).
 */
export function shannonBand(categories: number, n: number, m: number): number {
  const freedom = categories - 1;
  if (freedom < 1) return 0;
  const quantile = quantiles.get(freedom) ?? chiSquareQuantile(outside, freedom);
  quantiles.set(freedom, quantile);
  return Math.sqrt((quantile * (1 / n + 1 / m)) / (8 * Math.LN2));
}
