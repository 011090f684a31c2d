import type { DriftReport } from "../../../contract/drift.ts";
import { table } from "./text.ts";

/** So many categories are shown, those that differ most. */
const mostValues = 20;

/** How the values of a column are spread, baseline beside window. */
export function distributionText(distribution: DriftReport["distributions"][number]): string[] {
  const { side, column, baselineRows, rows, bins, values } = distribution;
  const ofBins = bins.map(({ above, upTo, baseline, current }) => ({
    name: above === null ? `up to ${upTo}` : upTo === null ? `above ${above}` : `${above} to ${upTo}`,
    ...{ baseline, current },
  }));
  const ofValues = [...values]
    .sort((a, b) => Math.abs(b.current - b.baseline) - Math.abs(a.current - a.baseline))
    .slice(0, mostValues)
    .map(({ value, baseline, current }) => ({ name: value ?? "(others)", baseline, current }));
  return [
    "",
    `COLUMN ${column} of the ${side}: ${baselineRows} values in the baseline, ${rows} in the last window with rows`,
    table(
      ["VALUES", "BASELINE", "NOW"],
      [...ofBins, ...ofValues].map(({ name, baseline, current }) => [name, percent(baseline), percent(current)]),
    ),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
