import type { BaselineSummary, DriftColumn, DriftReport } from "../../../contract/drift.ts";
import { driftSignalText } from "../../../contract/drift-signal-text.ts";
import { distributionText } from "./distribution.ts";
import type { Presenter } from "./presenter.ts";
import { shortDigest, table } from "./text.ts";

/** So many columns are all shown; of more, those that are not simply steady. */
const fewColumns = 30;

export const showDrift: Presenter<"showDrift"> = (report) => {
  const { service, windows, window, confirm, of, inputs, predictions, segments, newColumns, redacted } = report;
  const rows = windows.reduce((sum, { rows }) => sum + rows, 0);
  const lines = [
    `Service ${service}: ${rows} rows in ${windows.length} windows of ${window}; a column drifts when it differs in ${confirm} of ${of}`,
    ...sideText("INPUTS", report.baseline.inputs, inputs),
    ...(predictions === null ? [] : sideText("PREDICTIONS", report.baseline.predictions, predictions)),
    ...(segments ?? []).flatMap(({ value, rows, share, inputs }) => [
      "",
      `ROWS WITH ${value}: ${rows} sampled (${percent(share)})`,
      columnTable(inputs.columns),
    ]),
    ...report.distributions.flatMap(distributionText),
    ...(redacted.length === 0 ? [] : ["", `Not compared, as rules change what is kept: ${redacted.join(", ")}`]),
    ...(newColumns.length === 0 ? [] : ["", `Columns that the baseline does not have: ${newColumns.join(", ")}`]),
  ];
  return { data: lines.join("\n"), talk: nextStep(report, rows) };
};

function sideText(name: string, baseline: BaselineSummary | null, side: DriftReport["inputs"]): string[] {
  if (baseline === null) return [];
  const drifting = side.columns.filter(({ state }) => state === "drifting").length;
  const score = side.score === null ? "not enough data" : `score ${side.score.toFixed(2)}`;
  return [
    "",
    `${name} against ${baseline.of}, ${sourceText(baseline)}: ${drifting} of ${side.columns.length} columns drift, ${score}`,
    columnTable(side.columns),
  ];
}

function sourceText({ file, since, until, rows }: BaselineSummary): string {
  const from = file === null ? `${isoText(since)} to ${isoText(until)}` : `file ${shortDigest(file)}`;
  return `${from}, ${rows} rows`;
}

const isoText = (at: number | null) => (at === null ? "-" : new Date(at).toISOString().slice(0, 16).replace("T", " "));

function columnTable(columns: readonly DriftColumn[]): string {
  const plain = ({ state, signals }: DriftColumn) => state === "steady" && signals.length === 0;
  const shown = columns.length <= fewColumns ? columns : columns.filter((column) => !plain(column));
  const order = ["drifting", "suspected", "not-enough-data", "steady"];
  const sorted = [...shown].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const rows = sorted.map(({ column, state, rows, effect, test, effects, signals }) => [
    column,
    state.replaceAll("-", " "),
    rows,
    effect === null ? null : `${effect.value.toFixed(3)} ${effect.name}`,
    effect === null ? null : effect.band.toFixed(3),
    test === null ? null : test.adjustedP < 1e-12 ? "< 1e-12" : test.adjustedP.toPrecision(2),
    sparkline(effects),
    signals.map((signal) => driftSignalText(signal, percent)).join("; "),
  ]);
  const left = columns.length - shown.length;
  return [
    ...(rows.length === 0
      ? []
      : [table(["COLUMN", "STATE", "VALUES", "EFFECT", "NULL BAND", "P ADJUSTED", "WINDOWS", "SIGNALS"], rows)]),
    ...(left === 0 ? [] : [`${left} steady columns are not shown; --json has them`]),
  ].join("\n");
}

const bars = "▁▂▃▄▅▆▇█";

/** The windows' effects, the greatest one highest; a point where there is not enough data. */
function sparkline(values: readonly (number | null)[]): string {
  const greatest = Math.max(...values.map((value) => value ?? 0), 0);
  return values
    .map((value) => {
      if (value === null) return "·";
      return bars[greatest === 0 ? 0 : Math.round((value / greatest) * (bars.length - 1))];
    })
    .join("");
}

const percent = (share: number) => `${Number((100 * share).toPrecision(share < 0.1 ? 2 : 3))} %`;

function nextStep({ service, window, inputs, newColumns }: DriftReport, rows: number): string {
  if (rows === 0)
    return `No rows in these windows. Send requests, or look further back: modelyard drift show ${service} --since 30d`;
  if (newColumns.length > 0 && inputs.columns.every(({ rows }) => rows === 0))
    return `The baseline has none of the columns that are asked. Give one that has: modelyard baseline set ${service} --file train.csv`;
  if (inputs.columns.every(({ state }) => state === "not-enough-data"))
    return `Windows of ${window} have too few rows to compare. Take longer ones: modelyard drift show ${service} --window 7d`;
  return `What the columns hold: modelyard profile show ${service}`;
}
