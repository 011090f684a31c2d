import type { Quality } from "../../../contract/quality.ts";
import type { Presenter } from "./presenter.ts";
import { table } from "./text.ts";

type Metric = Quality["measured"]["metrics"][number];

/** The measures a table has room for; --json has all. */
const shown: Record<"classification" | "regression", readonly string[]> = {
  classification: ["accuracy", "f1_macro", "roc_auc", "log_loss"],
  regression: ["mae", "rmse", "mape", "r2"],
};

export const showQuality: Presenter<"showQuality"> = ({ service, task, items, assumption, unread }) => {
  const notes = Object.entries(unread).map(([reason, count]) => `${count} records left out: ${reason}`);
  if (items.length === 0) return { talk: [`No predictions of ${service} are kept of that time`, ...notes].join("\n") };
  const names = shown[task ?? "classification"];
  const group = items.some(({ revision }) => revision !== null)
    ? "REVISION"
    : items.some(({ model }) => model !== null)
      ? "MODEL"
      : null;
  const head = [
    "FROM",
    "TO",
    ...(group === null ? [] : [group]),
    "ROWS",
    "LABELS",
    "QUALITY",
    ...names.map((name) => name.toUpperCase()),
  ];
  const rows = items.flatMap((item) => linesOf(item, names, group !== null));
  notes.push(...remarksOn(items));
  const isUnmeasured = items.every(({ measured: { state } }) => state === "no-labels" || state === "not-enough-labels");
  const next = isUnmeasured ? [`Next: modelyard label import FILE --service ${service}`] : [];
  const talk = [...(assumption === null ? [] : [assumption]), ...notes, ...next];
  return { data: table(head, rows), ...(talk.length === 0 ? {} : { talk: talk.join("\n") }) };
};

/** What a reader would take the lines wrongly without. */
function remarksOn(items: readonly Quality[]): string[] {
  const estimates = items.flatMap(({ estimated }) => estimated ?? []);
  const isRaw = estimates.some(({ state, calibrated }) => state === "ok" && !calibrated);
  return [
    ...(isRaw ? ["Scores are taken as they come; with labels of 300 rows of a model they are calibrated first."] : []),
    ...(estimates.some(({ state }) => state === "not-probabilities")
      ? ["Scores are no probabilities, so nothing is estimated until labels of 300 rows of a model calibrate them."]
      : []),
    ...items.flatMap(strangersOf).slice(0, 1),
    ...(items.some(({ measured }) => measured.state === "not-numbers")
      ? ["Labels or predictions are no numbers, so there is no regression: --task classification."]
      : []),
  ];
}

/** Labels that are codes where predictions are names, or the other way round, make every prediction wrong. */
function strangersOf({ measured: { byClass } }: Quality): string[] {
  const named = (list: typeof byClass) =>
    list
      .slice(0, 5)
      .map((one) => one.class)
      .join(", ") + (list.length > 5 ? ", …" : "");
  const [labels, predictions] = [
    byClass.filter(({ rows }) => rows > 0),
    byClass.filter(({ precision }) => precision.value !== null),
  ];
  if (labels.length === 0 || labels.some(({ precision }) => precision.value !== null)) return [];
  return [`No label is a class that was predicted: labels are ${named(labels)}, predictions ${named(predictions)}.`];
}

function linesOf(item: Quality, names: readonly string[], isGrouped: boolean): (string | number)[][] {
  const { from, to, revision, model, rows, labelled, coverage, measured, estimated } = item;
  const start = [minuteText(from), minuteText(to), ...(isGrouped ? [revision ?? (model || "–")] : []), rows];
  const share = coverage === null ? "" : ` (${(100 * coverage).toFixed(0)} %)`;
  const line = (state: string, metrics: readonly Metric[]) => [
    ...[...start, `${labelled}${share}`, state],
    ...names.map((name) => metricText(metrics.find((one) => one.name === name))),
  ];
  const state = measured.state === "ok" ? "measured" : measured.state.replaceAll("-", " ");
  const calibrated = estimated?.calibrated === true ? "estimated, calibrated" : "estimated";
  return [line(state, measured.metrics), ...(estimated?.state === "ok" ? [line(calibrated, estimated.metrics)] : [])];
}

/** A value with its interval. */
function metricText(metric: Metric | undefined): string {
  if (metric === undefined || metric.value === null) return "-";
  const { value, low, high } = metric;
  return low === null || high === null
    ? numberText(value)
    : `${numberText(value)} (${numberText(low)}…${numberText(high)})`;
}

const numberText = (value: number): string =>
  Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001) ? value.toExponential(2) : value.toFixed(3);

const minuteText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
