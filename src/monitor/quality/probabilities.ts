/** What rounding ten scores to two digits may take from their sum, or add to it. */
const rounding = 0.05;

/** Whether scores are probabilities of classes of which one holds: none below 0, and together 1. Margins, logits and shares of several labels are none. */
export function areProbabilities(scores: Iterable<number>): boolean {
  let sum = 0;
  for (const score of scores) {
    if (!(score >= 0)) return false;
    sum += score;
  }
  return Math.abs(sum - 1) <= rounding;
}
