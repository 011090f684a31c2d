// How often each side alarms: on data that do not drift, and on a shift by 0.2 standard deviations.
import { askEvidently } from "./evidently.mjs";

/** Two samples as the policy takes them: a baseline profiled twice, as a file is, and one window. */
export function profiledPair(statistics, baseline, current) {
  const { baselineSample, makeLayout, noTable, rowHashes, takeTable } = statistics;
  const profileOf = (sample, layout) => {
    const columns = Object.keys(sample);
    const rows = sample[columns[0]].map((_, i) => columns.map((column) => sample[column][i]));
    const profile = noTable();
    takeTable(profile, layout, { columns, rows }, rowHashes("sample", rows.length), baselineSample);
    return profile;
  };
  const layout = makeLayout(profileOf(baseline, {}));
  return [{ layout, profile: profileOf(baseline, layout) }, profileOf(current, layout)];
}

/** Shares of column-windows that alarm, by column; Evidently's of the trials it was asked about. */
export async function alarms(statistics, task, say) {
  const columns = {};
  for await (const { baseline, current, evidently } of askEvidently(task, say)) {
    const found = statistics.compareTables(...profiledPair(statistics, baseline, current));
    for (const { column, differs, signals } of found) {
      columns[column] ??= { differs: 0, signals: 0, evidently: 0 };
      if (differs) columns[column].differs += 1 / task.trials;
      if (signals.length > 0) columns[column].signals += 1 / task.trials;
      if (evidently?.[column]?.drifts) columns[column].evidently += 1 / task.asked;
    }
  }
  return { ...task, columns };
}
