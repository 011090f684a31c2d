import {
  type ClassCounts,
  countsOf,
  emptyConfusion,
  type MatrixMeasure,
  macroF1,
  macroPrecision,
  macroRecall,
  varianceOf,
} from "./confusion.ts";
import { type Metric, meanMetric, sumOf, unknownMetric, weightedShare, withVariance } from "./metric.ts";
import { areProbabilities } from "./probabilities.ts";
import { type RocAuc, rocAuc } from "./roc.ts";

/** Rows with their labels: classes by their place in `classes`. */
export interface ClassifiedRows {
  classes: readonly string[];
  actual: readonly number[];
  predicted: readonly number[];
  /** Requests that each row stands for. */
  weights: readonly number[];
}

/** Rows with their labels and a probability for each class, by row. */
export interface ScoredLabels {
  classes: readonly string[];
  actual: readonly number[];
  scores: readonly (readonly number[])[];
  weights: readonly number[];
}

export interface ClassQuality {
  class: string;
  /** Rows that are of the class. */
  rows: number;
  precision: Metric;
  recall: Metric;
  f1: number;
}

const unit = [0, 1] as const;

/** What the labels say of a classifier, named as scikit-learn names it, weights being its `sample_weight`. */
export function classificationQuality(rows: ClassifiedRows): { metrics: Metric[]; byClass: ClassQuality[] } {
  const { classes, actual, predicted, weights } = rows;
  const tables = { weights: emptyConfusion(classes.length), squares: emptyConfusion(classes.length) };
  const size = classes.map(() => 0);
  for (const [row, truth] of actual.entries()) {
    const [said, weight] = [predicted[row] ?? -1, weights[row] ?? 0];
    addTo(tables.weights, truth, said, weight);
    addTo(tables.squares, truth, said, weight * weight);
    size[truth] = (size[truth] ?? 0) + 1;
  }
  const counts = countsOf(tables.weights);
  const squares = countsOf(tables.squares);
  const macro = (name: string, measure: MatrixMeasure) =>
    withVariance(name, measure.value, varianceOf(tables.squares, measure), unit);
  const total = (of: readonly ClassCounts[], part: "hits" | "actual") => sumOf(of.map((one) => one[part]));
  const right = (name: string) =>
    weightedShare(name, total(counts, "hits"), total(counts, "actual"), total(squares, "actual"));
  const metrics = [
    right("accuracy"),
    macro("precision_macro", macroPrecision(counts)),
    macro("recall_macro", macroRecall(counts)),
    macro("f1_macro", macroF1(counts)),
    // each row has one label and one prediction, so the three micro averages are the accuracy
    right("f1_micro"),
  ];
  const byClass = counts.map((count, k) => ({
    class: classes[k] ?? "",
    rows: size[k] ?? 0,
    precision: weightedShare("precision", count.hits, count.predicted, squares[k]?.predicted ?? 0),
    recall: weightedShare("recall", count.hits, count.actual, squares[k]?.actual ?? 0),
    f1: count.f1,
  }));
  return { metrics, byClass };
}

function addTo(matrix: number[][], actual: number, said: number, weight: number): void {
  const cells = matrix[actual] as number[];
  cells[said] = (cells[said] ?? 0) + weight;
}

/** Machine epsilon of float64: what scikit-learn's log_loss cuts probabilities at. */
const epsilon = 2 ** -52;

/** What the labels say of the scores of a classifier, named as scikit-learn names it. Log loss and Brier are of probabilities; other scores have neither. */
export function scoreQuality({ classes, actual, scores, weights }: ScoredLabels): Metric[] {
  const scoreOf = (row: number, k: number) => scores[row]?.[k] ?? 0;
  const areShares = scores.every(areProbabilities);
  const losses = actual.map((truth, row) => -Math.log(Math.min(1 - epsilon, Math.max(epsilon, scoreOf(row, truth)))));
  // of two classes the square of one, of more the sum over all (Brier, 1950): scikit-learn's scale_by_half="auto"
  const scale = classes.length === 2 ? 0.5 : 1;
  const squares = actual.map(
    (truth, row) => scale * classes.reduce((sum, _, k) => sum + (scoreOf(row, k) - (k === truth ? 1 : 0)) ** 2, 0),
  );
  return [
    areShares ? meanMetric("log_loss", losses, weights, [0, Number.POSITIVE_INFINITY]) : unknownMetric("log_loss"),
    areShares ? meanMetric("brier", squares, weights, [0, 2 * scale]) : unknownMetric("brier"),
    rocMetric(actual, scores, weights, classes.length),
  ];
}

/** Macro average of one class against the rest, over the classes of which there are rows, and others. */
function rocMetric(
  actual: readonly number[],
  scores: readonly (readonly number[])[],
  weights: readonly number[],
  classes: number,
): Metric {
  const curves: { k: number; curve: RocAuc }[] = [];
  for (let k = 0; k < classes; k += 1) {
    const ofClass = scores.map((row) => row[k] ?? 0);
    const curve = rocAuc(
      ofClass,
      actual.map((truth) => (truth === k ? 1 : 0)),
      weights,
    );
    if (curve !== null) curves.push({ k, curve });
  }
  if (curves.length === 0) return unknownMetric("roc_auc");
  const influence = (row: number, truth: number) =>
    curves.reduce((sum, { k, curve }) => sum + ((k === truth ? curve.ofClass : curve.ofRest)[row] ?? 0), 0) /
    curves.length;
  const variance = actual.reduce((sum, truth, row) => sum + ((weights[row] ?? 0) * influence(row, truth)) ** 2, 0);
  return withVariance(
    "roc_auc",
    curves.reduce((sum, { curve }) => sum + curve.value, 0) / curves.length,
    variance,
    unit,
  );
}
