// How often each side alarms: on data that do not drift, and on a shift by 0.2 standard deviations.
import { askEvidently } from "./evidently.mjs";

/** A trial's two samples as the policy sees them: a baseline profiled twice, as a file is, and one window. */
function judge(statistics, { baseline, current }) {
  const { baselineSample, compareTables, makeLayout, noTable, rowHashes, takeTable } = statistics;
  const profileOf = (sample, layout) => {
    const columns = Object.keys(sample);
    const rows = sample[columns[0]].map((_, i) => columns.map((column) => sample[column][i]));
    const profile = noTable();
    takeTable(profile, layout, { columns, rows }, rowHashes("sample", rows.length), baselineSample);
    return profile;
  };
  const layout = makeLayout(profileOf(baseline, {}));
  return compareTables({ layout, profile: profileOf(baseline, layout) }, profileOf(current, layout));
}

/** Shares of column-windows that alarm, by column. */
export async function alarms(statistics, task, say) {
  say(`${task.task} data, ${task.n} rows, ${task.trials} trials`);
  const columns = {};
  for await (const trial of askEvidently(task, say)) {
    for (const { column, differs, signals } of judge(statistics, trial)) {
      columns[column] ??= { differs: 0, signals: 0, evidently: 0 };
      if (differs) columns[column].differs += 1;
      if (signals.length > 0) columns[column].signals += 1;
      if (trial.evidently[column]?.drifts) columns[column].evidently += 1;
    }
  }
  for (const counts of Object.values(columns)) for (const name of Object.keys(counts)) counts[name] /= task.trials;
  return { ...task, columns };
}
