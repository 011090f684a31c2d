/** How likely Kolmogorov's limiting distribution is at least `x` (the supremum of |Brownian bridge|). */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 0.8) {
    // The theta form converges quickly for small x.
    let sum = 0;
    for (let k = 1; k < 20; k += 2) sum += Math.exp((-k * k * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1, sign = 1; k < 20; k += 1, sign = -sign) sum += sign * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * How likely two samples of `n` and `m` values of one continuous distribution differ by at least `d` (Kolmogorov–Smirnov, two-sided):
 * the share of lattice paths from (0, 0) to (n, m) that leave the band |i/n − j/m| < d. Takes n·m·d steps.
 */
export function exactKolmogorovTail(n: number, m: number, d: number): number {
  if (d <= 0) return 1;
  // Differences are multiples of 1/(n·m); half of one apart, no rounding decides.
  const limit = (Math.round(d * n * m) - 0.5) / (n * m);
  const inside = new Float64Array(m + 1);
  for (let j = 0; j <= m && j / m <= limit; j += 1) inside[j] = 1;
  for (let i = 1; i <= n; i += 1) {
    const weight = i / (i + m);
    const from = Math.max(0, Math.ceil((i / n - limit) * m));
    const to = Math.min(m, Math.floor((i / n + limit) * m));
    if (from > 0) inside[from - 1] = 0;
    for (let j = from; j <= to; j += 1) inside[j] = weight * (inside[j] ?? 0) + (j === 0 ? 0 : (inside[j - 1] ?? 0));
  }
  return Math.min(1, Math.max(0, 1 - (inside[m] ?? 0)));
}
