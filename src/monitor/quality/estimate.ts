import { countsOf, emptyConfusion, type MatrixMeasure, macroF1 } from "./confusion.ts";
import { type Metric, sumOf, unknownMetric, withVariance } from "./metric.ts";
import { type RocAuc, rocAuc } from "./roc.ts";

/** Rows without labels: what was predicted, its scores as they came, and the probability of each class that they stand for. */
export interface ScoredRows {
  classes: number;
  predicted: readonly number[];
  scores: readonly (readonly number[])[];
  probabilities: readonly (readonly number[])[];
  /** Requests that each row stands for. */
  weights: readonly number[];
}

const unit = [0, 1] as const;

/**
 * What can be expected of a classifier without labels: CBPE, the expected confusion matrix of calibrated probabilities
 * (https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html). Holds as long as the probabilities do: inputs
 * may shift, what follows from them may not. The interval is that of the labels these rows may turn out to have.
 */
export function estimateQuality(rows: ScoredRows): Metric[] {
  const { classes, predicted, probabilities, weights } = rows;
  const matrix = emptyConfusion(classes);
  for (const [row, said] of predicted.entries())
    for (const [k, probability] of (probabilities[row] ?? []).entries()) {
      const cells = matrix[k] as number[];
      cells[said] = (cells[said] ?? 0) + probability * (weights[row] ?? 0);
    }
  const size = sumOf(weights);
  const hits = matrix.reduce((sum, row, k) => sum + (row[k] ?? 0), 0);
  const accuracy: MatrixMeasure = {
    value: hits / size,
    gradient: (actual, said) => (actual === said ? 1 / size : 0),
  };
  const expected = (name: string, { value, gradient }: MatrixMeasure) =>
    withVariance(
      name,
      value,
      labelVariance(rows, (row, k) => gradient(k, predicted[row] ?? -1)),
      unit,
    );
  return [expected("accuracy", accuracy), expected("f1_macro", macroF1(countsOf(matrix))), expectedRoc(rows)];
}

/** Variance of a sum over rows whose label is open: `effect` is what a row adds for each request it stands for when it turns out to be of class k. */
function labelVariance({ probabilities, weights }: ScoredRows, effect: (row: number, k: number) => number): number {
  return probabilities.reduce((sum, row, index) => {
    let mean = 0;
    let square = 0;
    for (const [k, probability] of row.entries()) {
      const value = effect(index, k) * (weights[index] ?? 0);
      mean += probability * value;
      square += probability * value * value;
    }
    return sum + square - mean * mean;
  }, 0);
}

function expectedRoc(rows: ScoredRows): Metric {
  const { classes, scores, probabilities, weights } = rows;
  const curves = new Map<number, RocAuc>();
  for (let k = 0; k < classes; k += 1) {
    const column = (table: readonly (readonly number[])[]) => table.map((row) => row[k] ?? 0);
    const curve = rocAuc(column(scores), column(probabilities), weights);
    if (curve !== null) curves.set(k, curve);
  }
  if (curves.size === 0) return unknownMetric("roc_auc");
  const size = probabilities.length;
  const rest = new Float64Array(size);
  for (const { ofRest } of curves.values())
    for (let row = 0; row < size; row += 1) rest[row] = (rest[row] ?? 0) + (ofRest[row] ?? 0);
  const effect = (row: number, k: number) => {
    const curve = curves.get(k);
    const own = curve === undefined ? 0 : (curve.ofClass[row] ?? 0) - (curve.ofRest[row] ?? 0);
    return ((rest[row] ?? 0) + own) / curves.size;
  };
  const value = [...curves.values()].reduce((sum, curve) => sum + curve.value, 0) / curves.size;
  return withVariance("roc_auc", value, labelVariance(rows, effect), unit);
}
