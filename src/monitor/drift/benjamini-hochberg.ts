/**
 * P-values as Benjamini and Hochberg (1995) adjust them: taking all that are at most q finds, on average, a share of at most q
 * of false ones. Keeps the order; null stays null and counts as no test.
 */
export function adjusted(pValues: readonly (number | null)[]): (number | null)[] {
  const ranked = pValues
    .flatMap((p, place) => (p === null ? [] : [{ p, place }]))
    .sort((a, b) => b.p - a.p || b.place - a.place);
  const found: (number | null)[] = pValues.map(() => null);
  let least = 1;
  for (const [i, { p, place }] of ranked.entries()) {
    least = Math.min(least, p * (ranked.length / (ranked.length - i)));
    found[place] = least;
  }
  return found;
}
