const bars = [..."▁▂▃▄▅▆▇█"];

/**
 * A line of bars for values from 0 to the highest; a gap where there is none. Longer series are folded to `width` bars, each as high as
 * the highest value it stands for.
 */
export function sparkline(values: readonly (number | null)[], width = 40): string {
  const top = Math.max(...values.map((value) => value ?? 0));
  const fold = Math.max(1, Math.ceil(values.length / width));
  const folded = Array.from({ length: Math.ceil(values.length / fold) }, (_, index) => {
    const here = values.slice(index * fold, (index + 1) * fold).filter((value) => value !== null);
    return here.length === 0 ? null : Math.max(...here);
  });
  return folded
    .map((value) => {
      if (value === null) return " ";
      return bars[top <= 0 ? 0 : Math.min(bars.length - 1, Math.ceil((value / top) * (bars.length - 1)))] ?? " ";
    })
    .join("");
}
