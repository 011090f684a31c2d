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
  const isUnmeasured = items.every(({ measured }) => measured.state !== "ok");
  const next = isUnmeasured ? [`Next: modelyard label import FILE --service ${service}`] : [];
  const talk = [...(assumption === null ? [] : [assumption]), ...notes, ...next];
  return { data: table(head, rows), ...(talk.length === 0 ? {} : { talk: talk.join("\n") }) };
};

function linesOf(item: Quality, names: readonly string[], isGrouped: boolean): (string | number)[][] {
  const { from, to, revision, model, rows, labelled, coverage, measured, estimated } = item;
  const start = [minuteText(from), minuteText(to), ...(isGrouped ? [revision ?? model ?? "-"] : []), rows];
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
