import {
  countsOf,
  emptyConfusion,
  type MatrixMeasure,
  macroF1,
  macroPrecision,
  macroRecall,
  varianceOf,
} from "./confusion.ts";
import { type Metric, meanMetric, share, unknownMetric, withVariance } from "./metric.ts";
import { areProbabilities } from "./probabilities.ts";
import { type RocAuc, rocAuc } from "./roc.ts";

/** Rows with their labels: classes by their place in `classes`. */
export interface ClassifiedRows {
  classes: readonly string[];
  actual: readonly number[];
  predicted: readonly number[];
}

/** Rows with their labels and a probability for each class, by row. */
export interface ScoredLabels {
  classes: readonly string[];
  actual: readonly number[];
  scores: readonly (readonly number[])[];
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

/** What the labels say of a classifier, named as scikit-learn names it. */
export function classificationQuality(rows: ClassifiedRows): { metrics: Metric[]; byClass: ClassQuality[] } {
  const { classes, actual, predicted } = rows;
  const matrix = emptyConfusion(classes.length);
  let hits = 0;
  for (const [row, truth] of actual.entries()) {
    const said = predicted[row] ?? -1;
    const cells = matrix[truth] as number[];
    cells[said] = (cells[said] ?? 0) + 1;
    if (said === truth) hits += 1;
  }
  const counts = countsOf(matrix);
  const macro = (name: string, measure: MatrixMeasure) =>
    withVariance(name, measure.value, varianceOf(matrix, measure), unit);
  const metrics = [
    share("accuracy", hits, actual.length),
    macro("precision_macro", macroPrecision(counts)),
    macro("recall_macro", macroRecall(counts)),
    macro("f1_macro", macroF1(counts)),
    // each row has one label and one prediction, so the three micro averages are the accuracy
    share("f1_micro", hits, actual.length),
  ];
  const byClass = counts.map((count, k) => ({
    class: classes[k] ?? "",
    rows: count.actual,
    precision: share("precision", count.hits, count.predicted),
    recall: share("recall", count.hits, count.actual),
    f1: count.f1,
  }));
  return { metrics, byClass };
}

/** Machine epsilon of float64: what scikit-learn's log_loss cuts probabilities at. */
const epsilon = 2 ** -52;

/** What the labels say of the scores of a classifier, named as scikit-learn names it. Log loss and Brier are of probabilities; other scores have neither. */
export function scoreQuality({ classes, actual, scores }: ScoredLabels): Metric[] {
  const scoreOf = (row: number, k: number) => scores[row]?.[k] ?? 0;
  const areShares = scores.every(areProbabilities);
  const losses = actual.map((truth, row) => -Math.log(Math.min(1 - epsilon, Math.max(epsilon, scoreOf(row, truth)))));
  // of two classes the square of one, of more the sum over all (Brier, 1950): scikit-learn's scale_by_half="auto"
  const scale = classes.length === 2 ? 0.5 : 1;
  const squares = actual.map(
    (truth, row) => scale * classes.reduce((sum, _, k) => sum + (scoreOf(row, k) - (k === truth ? 1 : 0)) ** 2, 0),
  );
  return [
    areShares ? meanMetric("log_loss", losses, [0, Number.POSITIVE_INFINITY]) : unknownMetric("log_loss"),
    areShares ? meanMetric("brier", squares, [0, 2 * scale]) : unknownMetric("brier"),
    rocMetric(actual, scores, classes.length),
  ];
}

/** Macro average of one class against the rest, over the classes of which there are rows, and others. */
function rocMetric(actual: readonly number[], scores: readonly (readonly number[])[], classes: number): Metric {
  const curves: { k: number; curve: RocAuc }[] = [];
  for (let k = 0; k < classes; k += 1) {
    const ofClass = scores.map((row) => row[k] ?? 0);
    const curve = rocAuc(
      ofClass,
      actual.map((truth) => (truth === k ? 1 : 0)),
    );
    if (curve !== null) curves.push({ k, curve });
  }
  if (curves.length === 0) return unknownMetric("roc_auc");
  const influence = (row: number, truth: number) =>
    curves.reduce((sum, { k, curve }) => sum + ((k === truth ? curve.ofClass : curve.ofRest)[row] ?? 0), 0) /
    curves.length;
  const variance = actual.reduce((sum, truth, row) => sum + influence(row, truth) ** 2, 0);
  return withVariance(
    "roc_auc",
    curves.reduce((sum, { curve }) => sum + curve.value, 0) / curves.length,
    variance,
    unit,
  );
}
