/** How the numbers of a signal are written, and what they are kept as: times as ms, shares as 0 to 1, rates as a second. */
export type Unit = "time" | "share" | "count" | "rate" | "number";

/** The ends of what a number can be, in the unit it is kept in. */
export interface Bounds {
  least?: number;
  most?: number;
}

/** What the grammar must know of a signal. */
export interface SignalShape {
  name: string;
  unit: Unit;
  /** Whether something in brackets stands behind the name, such as a column. */
  argument: "none" | "optional" | "needed";
  /** All that may stand there; any column when it is left out. */
  among?: readonly string[];
  /** What a number of it can be, by what stands in brackets; left out when the unit says all. */
  bounds?(argument: string | null): Bounds | undefined;
}

export const operators = [">=", "<=", ">", "<"] as const;
export type Operator = (typeof operators)[number];

export interface Comparison {
  signal: string;
  argument: string | null;
  operator: Operator;
  threshold: number;
  /** What a firing alert must be back to; the threshold itself when a condition does not say it. */
  clear: number;
}

/** Fires when all comparisons hold for `forMs`, and is resolved when one of them was back beyond its clear threshold for `forMs`. */
export interface Condition {
  comparisons: Comparison[];
  /** The window that is looked at; null: that of the signal. */
  overMs: number | null;
  forMs: number;
}

/** How a value stands to a comparison. A value that is not known (not enough data) fires nothing. */
export function judge(
  { operator, threshold, clear }: Comparison,
  value: number | null,
): "breached" | "between" | "clear" {
  if (value === null || Number.isNaN(value)) return "clear";
  if (holds(value, operator, threshold)) return "breached";
  return holds(value, operator, clear) ? "between" : "clear";
}

function holds(value: number, operator: Operator, bound: number): boolean {
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
  }
}
