/** Rows by what was true (first index) and what was predicted (second); an expected count need not be whole. */
export type Confusion = number[][];

export const emptyConfusion = (classes: number): Confusion =>
  Array.from({ length: classes }, () => new Array<number>(classes).fill(0));

const cell = (matrix: Confusion, actual: number, predicted: number): number => matrix[actual]?.[predicted] ?? 0;
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** A class with its counts. A ratio without rows is 0, as scikit-learn's `zero_division` default has it. */
export interface ClassCounts {
  hits: number;
  /** Rows that are of the class. */
  actual: number;
  /** Rows that were said to be. */
  predicted: number;
  precision: number;
  recall: number;
  f1: number;
}

export function countsOf(matrix: Confusion): ClassCounts[] {
  return matrix.map((row, k) => {
    const hits = cell(matrix, k, k);
    const actual = row.reduce((sum, count) => sum + count, 0);
    const predicted = matrix.reduce((sum, other) => sum + (other[k] ?? 0), 0);
    const [precision, recall, f1] = [ratio(hits, predicted), ratio(hits, actual), ratio(2 * hits, actual + predicted)];
    return { hits, actual, predicted, precision, recall, f1 };
  });
}

/** A measure of a confusion matrix, and how it changes with each cell. */
export interface MatrixMeasure {
  value: number;
  gradient(actual: number, predicted: number): number;
}

/** Mean over the classes of a measure and of its gradients. */
function macro(
  counts: readonly ClassCounts[],
  measureOf: (counts: ClassCounts) => number,
  /** Change of the measure of class k when a cell of its row (`actual`), column (`predicted`) or both grows. */
  change: (counts: ClassCounts, isActual: boolean, isPredicted: boolean) => number,
): MatrixMeasure {
  const size = counts.length;
  return {
    value: counts.reduce((sum, one) => sum + measureOf(one), 0) / size,
    gradient: (actual, predicted) => {
      const places = actual === predicted ? [actual] : [actual, predicted];
      const changes = places.map((k) => change(counts[k] as ClassCounts, k === actual, k === predicted));
      return changes.reduce((sum, value) => sum + value, 0) / size;
    },
  };
}

/**
 * Macro averages with their derivatives by the cells, for the delta method (for F1: Takahashi et al., Applied Intelligence 52, 2022).
 * They depend on proportions alone, so the variance over rows is Σ count × gradient².
 */
export const macroPrecision = (counts: readonly ClassCounts[]): MatrixMeasure =>
  macro(
    counts,
    ({ precision }) => precision,
    ({ precision, predicted }, isActual, isPredicted) =>
      isPredicted ? ratio((isActual ? 1 : 0) - precision, predicted) : 0,
  );

export const macroRecall = (counts: readonly ClassCounts[]): MatrixMeasure =>
  macro(
    counts,
    ({ recall }) => recall,
    ({ recall, actual }, isActual, isPredicted) => (isActual ? ratio((isPredicted ? 1 : 0) - recall, actual) : 0),
  );

export const macroF1 = (counts: readonly ClassCounts[]): MatrixMeasure =>
  macro(
    counts,
    ({ f1 }) => f1,
    ({ f1, actual, predicted }, isActual, isPredicted) =>
      ratio(isActual && isPredicted ? 2 - 2 * f1 : -f1, actual + predicted),
  );

/** Variance over rows of a measure of the matrix. */
export function varianceOf(matrix: Confusion, { gradient }: MatrixMeasure): number {
  let sum = 0;
  for (const [actual, row] of matrix.entries())
    for (const [predicted, count] of row.entries()) if (count > 0) sum += count * gradient(actual, predicted) ** 2;
  return sum;
}
