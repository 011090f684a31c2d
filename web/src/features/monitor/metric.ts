/** The value of a measure of quality: three digits that matter. */
export const metricText = (value: number | null): string => (value === null ? "–" : numberText(value));

/** Any number as short as it can be read: 0.0341, 12.5, 3,210. */
export function numberText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return value.toLocaleString("en", size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
