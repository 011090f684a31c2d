import { noProfile } from "../profile/column-profile.ts";
import type { Layout } from "../profile/layout.ts";
import { layoutOf, type TableProfile } from "../profile/table-profile.ts";
import { adjusted } from "./benjamini-hochberg.ts";
import { type Comparison, comparable, compareColumn } from "./compare-column.ts";
import { type Signal, signalsOf } from "./signals.ts";

/** What a window is compared with: the columns' layouts, and the profile of the same rows under them. */
export interface BaselineProfile {
  layout: Layout;
  profile: TableProfile;
}

export interface Policy {
  /** Values that a column needs in baseline and window; below, there is not enough data. */
  minimumRows: number;
  /** Share of false ones among all columns that are told to differ (Benjamini and Hochberg's q). */
  significance: number;
  /** Effects below are of no use to know, however sure they are: a tenth of the spread for numbers, 0.05 for categories. */
  minimumEffect: Readonly<Record<string, number>>;
  /** A column drifts when it differs in `confirm` of the last `windows` windows. */
  confirm: number;
  windows: number;
}

export const defaultPolicy: Policy = {
  minimumRows: 50,
  significance: 0.05,
  minimumEffect: { "wasserstein:bins": 0.1, "js:base2": 0.05 },
  confirm: 2,
  windows: 3,
};

/** One column in one window. */
export interface ColumnWindow {
  column: string;
  kind: "number" | "category";
  /** Rows of the window, with and without a value. */
  tableRows: number;
  /** Values that can be compared. */
  rows: number;
  baselineRows: number;
  /** null: not enough data. */
  comparison: (Comparison & { adjustedP: number }) | null;
  /** Whether it differs: sure beyond chance over all columns, and further than the null band and than what is of no use. */
  differs: boolean;
  signals: Signal[];
}

/** Compares a window with its baseline, column by column, in the order of the baseline. */
export function compareTables(
  { layout, profile }: BaselineProfile,
  current: TableProfile,
  policy: Policy = defaultPolicy,
): ColumnWindow[] {
  const found = [...profile.columns].map(([column, baseline]) => {
    const columnLayout = layoutOf(layout, column);
    const now = current.columns.get(column) ?? noProfile(columnLayout);
    const [baselineRows, rows] = [comparable(columnLayout, baseline), comparable(columnLayout, now)];
    const enough = Math.min(baselineRows, rows) >= Math.max(1, policy.minimumRows);
    const tables = { baselineRows: profile.rows, currentRows: current.rows };
    const signals = signalsOf({ layout: columnLayout, baseline, current: now, ...tables });
    const comparison = enough ? compareColumn(columnLayout, baseline, now) : null;
    return { column, kind: columnLayout.kind, tableRows: current.rows, rows, baselineRows, comparison, signals };
  });
  const adjustedPs = adjusted(found.map(({ comparison }) => comparison?.test.pValue ?? null));
  return found.map(({ comparison, ...rest }, i) => {
    if (comparison === null) return { ...rest, comparison, differs: false };
    const adjustedP = adjustedPs[i] ?? 1;
    const { name, value, band } = comparison.effect;
    const least = Math.max(band, policy.minimumEffect[name] ?? 0);
    return {
      ...rest,
      comparison: { ...comparison, adjustedP },
      differs: adjustedP <= policy.significance && value > least,
    };
  });
}

export const columnStates = ["drifting", "suspected", "steady", "not-enough-data"] as const;
export type ColumnState = (typeof columnStates)[number];

/**
 * The newest of the last m windows in which a column could be compared; undefined when it could in none. A silent one says nothing: what the
 * one before it said still holds.
 */
export const latestCompared = <Window extends Pick<ColumnWindow, "comparison">>(
  windows: readonly Window[],
  policy: Policy,
): Window | undefined => windows.slice(-policy.windows).findLast(({ comparison }) => comparison !== null);

/**
 * The state of a column after its windows, oldest first: drifting when it differs in k of the last m, suspected when it differs
 * in the newest of them that could be compared.
 */
export function stateOf(windows: readonly Pick<ColumnWindow, "comparison" | "differs">[], policy: Policy): ColumnState {
  const latest = latestCompared(windows, policy);
  if (latest === undefined) return "not-enough-data";
  const confirmed = windows.slice(-policy.windows).filter(({ differs }) => differs).length;
  if (confirmed >= policy.confirm) return "drifting";
  return latest.differs ? "suspected" : "steady";
}

/**
 * The share of a side's columns that drift, of those with enough data; null when none has. They weigh by importance where any of them
 * has a weight, else 1 each: weights may be those of the other side's columns alone.
 */
export function driftScore(
  columns: readonly { column: string; state: ColumnState }[],
  importance: Readonly<Record<string, number>> = {},
): number | null {
  const has = (column: string) => Object.hasOwn(importance, column);
  const weighed = columns.some(({ column }) => has(column));
  const weight = (column: string) => (has(column) ? (importance[column] ?? 0) : weighed ? 0 : 1);
  const sum = (wanted: (state: ColumnState) => boolean) =>
    columns.reduce((all, { column, state }) => all + (wanted(state) ? weight(column) : 0), 0);
  const all = sum((state) => state !== "not-enough-data");
  return all > 0 ? sum((state) => state === "drifting") / all : null;
}
