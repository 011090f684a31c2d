import { addDistinct, type DistinctValues, mergeDistinct, noDistinct } from "./distinct-values.ts";
import type { Category, ColumnLayout } from "./layout.ts";
import { type Moments, mergeMoments, momentsOf, noMoments } from "./moments.ts";
import type { RowBlock } from "./row-block.ts";

/** What is kept of one column, of any number of rows, in constant room. Profiles of the same layout add up. */
export interface ColumnProfile {
  /** All rows, missing and infinite ones included. */
  rows: number;
  /** null, or NaN, which is how data frames write what is missing. */
  missing: number;
  infinite: number;
  texts: number;
  booleans: number;
  /** Of the finite numbers. */
  moments: Moments;
  /** Finite numbers by the layout's bins. */
  bins: Float64Array;
  /** Values by the layout's categories. */
  known: Float64Array;
  /** Finite numbers below and above the layout's range. */
  below: number;
  above: number;
  /** Of the values that are no category of the layout. */
  distinct: DistinctValues;
}

/** Numbers in bins need their distinct values for an estimate alone. */
const keptValues = (kind: ColumnLayout["kind"], edges: number) => (kind === "number" && edges > 0 ? 16 : 64);

export const noProfile = ({ kind, edges, categories }: ColumnLayout): ColumnProfile => ({
  rows: 0,
  missing: 0,
  infinite: 0,
  texts: 0,
  booleans: 0,
  moments: noMoments(),
  bins: new Float64Array(edges.length + 1),
  known: new Float64Array(categories.length),
  below: 0,
  above: 0,
  distinct: noDistinct(keptValues(kind, edges.length)),
});

interface PreparedLayout {
  bins: Bins;
  places: ReadonlyMap<Category, number>;
  low: number;
  high: number;
}

const prepared = new WeakMap<ColumnLayout, PreparedLayout>();

function prepare(layout: ColumnLayout): PreparedLayout {
  const before = prepared.get(layout);
  if (before !== undefined) return before;
  const [low, high] = layout.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const places = new Map(layout.categories.map((category, i) => [category, i]));
  const made = { bins: prepareBins(layout.edges), places, low, high };
  prepared.set(layout, made);
  return made;
}

/** Ascending edges, and where to look for a number among them. */
interface Bins {
  edges: Float64Array;
  /** A number's cell, `scale` to the unit from the first edge on, holds the edges between `starts` of it and of the next. */
  starts: Uint16Array;
  scale: number;
}

/** Cells of equal width between the edges: most numbers then meet one edge or none. */
const cells = 256;

function prepareBins(list: readonly number[]): Bins {
  const edges = Float64Array.from(list);
  const width = (edges.at(-1) ?? 0) - (edges[0] ?? 0);
  const scale = width > 0 && Number.isFinite(width) ? cells / width : 0;
  const bins = { edges, starts: new Uint16Array(cells + 2), scale: Number.isFinite(scale) ? scale : 0 };
  for (const edge of edges)
    for (let cell = cellOf(bins, edge) + 1; cell < bins.starts.length; cell += 1)
      bins.starts[cell] = (bins.starts[cell] as number) + 1;
  return bins;
}

/** Never less for a greater number, whatever rounding does: edges of other cells need no look. */
function cellOf({ edges, scale }: Bins, value: number): number {
  const cell = (value - (edges[0] as number)) * scale;
  return cell > 0 ? (cell < cells ? cell | 0 : cells) : 0;
}

/** The bin of a number: how many edges are below it. */
function binOf(bins: Bins, value: number): number {
  const { edges, starts } = bins;
  if (edges.length === 0) return 0;
  const cell = cellOf(bins, value);
  let low = starts[cell] as number;
  let high = starts[cell + 1] as number;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

let numbers = new Float64Array(4096);

/** How often each whole number below its length came: counts, codes and pixels, most of which come again and again. All are 0 between two calls. */
const smallCounts = new Uint32Array(1024);
const smallSeen = new Uint16Array(1024);

/** Takes the column of a block that stands at `place`. */
export function takeValues(profile: ColumnProfile, layout: ColumnLayout, block: RowBlock, place: number): void {
  const prepared = prepare(layout);
  const { rows, columns, numbers: values } = block;
  if (numbers.length < rows) numbers = new Float64Array(rows * 2);
  const others = block.others[place];
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * columns.length + place] as number;
    if (value - value === 0) numbers[count++] = value;
    else if (!Number.isNaN(value)) profile.infinite += 1;
    else {
      const other = others?.[row] ?? null;
      if (other === null) profile.missing += 1;
      else {
        if (typeof other === "string") profile.texts += 1;
        else profile.booleans += 1;
        countCategory(profile, prepared, other, 1);
      }
    }
  }
  profile.rows += rows;
  profile.moments = mergeMoments(profile.moments, momentsOf(numbers, count));
  countBins(profile, prepared, count);
  countNumbers(profile, prepared, count);
}

function countCategory({ known, distinct }: ColumnProfile, { places }: PreparedLayout, value: Category, count: number) {
  const at = places.size > 0 ? places.get(value) : undefined;
  if (at === undefined) addDistinct(distinct, value, count);
  else known[at] = (known[at] as number) + count;
}

/** Of the first `count` of `numbers`. */
function countBins(profile: ColumnProfile, { bins: edges, low, high }: PreparedLayout, count: number): void {
  const { bins } = profile;
  if (edges.edges.length === 0) bins[0] = (bins[0] as number) + count;
  else
    for (let i = 0; i < count; i += 1) {
      const bin = binOf(edges, numbers[i] as number);
      bins[bin] = (bins[bin] as number) + 1;
    }
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return;
  for (let i = 0; i < count; i += 1) {
    const value = numbers[i] as number;
    if (value < low) profile.below += 1;
    else if (value > high) profile.above += 1;
  }
}

/** The first `count` of `numbers` as values: a small whole one is looked up once, however often it came. */
function countNumbers(profile: ColumnProfile, prepared: PreparedLayout, count: number): void {
  let seen = 0;
  for (let i = 0; i < count; i += 1) {
    const value = numbers[i] as number;
    const whole = value & 1023;
    if (whole !== value) countCategory(profile, prepared, value, 1);
    else {
      if (smallCounts[whole] === 0) smallSeen[seen++] = whole;
      smallCounts[whole] = (smallCounts[whole] as number) + 1;
    }
  }
  for (let i = 0; i < seen; i += 1) {
    const whole = smallSeen[i] as number;
    countCategory(profile, prepared, whole, smallCounts[whole] as number);
    smallCounts[whole] = 0;
  }
}

/** Adds the second profile to the first; both are of one layout. */
export function mergeProfiles(into: ColumnProfile, from: ColumnProfile): void {
  into.rows += from.rows;
  into.missing += from.missing;
  into.infinite += from.infinite;
  into.texts += from.texts;
  into.booleans += from.booleans;
  into.below += from.below;
  into.above += from.above;
  into.moments = mergeMoments(into.moments, from.moments);
  for (let i = 0; i < into.bins.length; i += 1) into.bins[i] = (into.bins[i] as number) + (from.bins[i] as number);
  for (let i = 0; i < into.known.length; i += 1) into.known[i] = (into.known[i] as number) + (from.known[i] as number);
  mergeDistinct(into.distinct, from.distinct);
}

/** Rows with a value that is neither missing nor infinite. */
export const presentCount = ({ moments, texts, booleans }: ColumnProfile): number => moments.count + texts + booleans;

/** Values that are no category of the layout. */
export const otherCount = (profile: ColumnProfile): number =>
  presentCount(profile) - profile.known.reduce((sum, count) => sum + count, 0);
