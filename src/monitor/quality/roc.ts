import { sumOf } from "./metric.ts";

/**
 * Area under the ROC curve of one class against the rest, with what each row adds to it when it is of the class and when not (its
 * influence, for a weight of 1). Over rows with labels the variance is Σ (weight × influence)², which is DeLong's (Biometrics 44, 1988) up to n/(n-1).
 */
export interface RocAuc {
  value: number;
  ofClass: Float64Array;
  ofRest: Float64Array;
}

/**
 * `positive` is 1 or 0 by the label, or how probable 1 is: then it is the expected area. Equal scores count half. Null when every row
 * is of the class, or none.
 */
export function rocAuc(
  scores: readonly number[],
  positive: readonly number[],
  weights: readonly number[],
): RocAuc | null {
  const size = scores.length;
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => at(scores, a) - at(scores, b));
  const inClass = positive.map((share, row) => share * at(weights, row));
  const all = sumOf(inClass);
  const rest = sumOf(weights.map((weight, row) => weight - at(inClass, row)));
  if (all <= 0 || rest <= 0) return null;
  const below = new Float64Array(size);
  const above = new Float64Array(size);
  let area = 0;
  let positiveBefore = 0;
  let restBefore = 0;
  for (let start = 0; start < size; ) {
    let end = start;
    let tied = 0;
    let tiedRest = 0;
    for (; end < size && at(scores, at(order, end)) === at(scores, at(order, start)); end += 1) {
      const row = at(order, end);
      tied += at(inClass, row);
      tiedRest += at(weights, row) - at(inClass, row);
    }
    for (const row of order.slice(start, end)) {
      below[row] = restBefore + tiedRest / 2;
      above[row] = all - positiveBefore - tied / 2;
      area += at(inClass, row) * at(below, row);
    }
    positiveBefore += tied;
    restBefore += tiedRest;
    start = end;
  }
  const value = area / all / rest;
  return {
    value,
    ofClass: below.map((count) => (count / rest - value) / all),
    ofRest: above.map((count) => (count / all - value) / rest),
  };
}

const at = (list: ArrayLike<number>, index: number): number => list[index] ?? Number.NaN;
