import type { Quality } from "../../contract/quality.ts";
import { selectLabels } from "../labels/rows.ts";
import type { QualityPorts } from "../quality/ports.ts";
import { qualityOf } from "../quality/show-quality.ts";
import { type Predicted, whatIsPredicted } from "../quality/what-is-predicted.ts";
import { byWindow } from "./by-window.ts";
import type { Bounds } from "./condition/condition.ts";
import type { Look, Possible, Signal } from "./signal.ts";

const hour = 3_600_000;
const day = 24 * hour;

const classMetrics = ["accuracy", "f1_macro", "precision_macro", "recall_macro", "f1_micro"];
const scoreMetrics = ["roc_auc", "log_loss", "brier"];
const numberMetrics = ["mae", "rmse", "mape", "r2"];
const measuredMetrics = [...classMetrics, ...scoreMetrics, ...numberMetrics];
const estimatedMetrics = ["accuracy", "f1_macro", "roc_auc"];

/** What the value of a metric can be. */
function boundsOf(metric: string | null): Bounds {
  if (metric === "r2") return { most: 1 };
  if (metric === "brier") return { least: 0, most: 2 };
  return metric === "roc_auc" || classMetrics.some((name) => name === metric) ? { least: 0, most: 1 } : { least: 0 };
}

/** Below this many rows with a label nothing is said. */
const minLabels = 30;

/** Whether rows enough were read for a value, whatever it is: what is kept for the hour may be that there is none, not that there is nothing yet. */
const isEnough = {
  measured: (told: Quality | undefined) => told !== undefined && told.labelled >= minLabels,
  estimated: (told: Quality | undefined) => told !== undefined && told.rows - told.labelled >= minLabels,
};

/** Quality by labels, and as it is estimated without. It is read from the records, so a value is kept for the hour. */
export function qualitySignals(ports: Pick<QualityPorts, "db" | "readRecords">): Signal[] {
  const looked = byWindow<Quality | undefined>(hour);
  const qualityIn = ({ service, from, to, isFresh }: Look, name: keyof typeof isEnough) =>
    looked(
      JSON.stringify([service, to - from]),
      { at: to, isFresh },
      async () => {
        const comparison = { service, from, to: to + 1 };
        const unsaid = { windowMs: undefined, by: undefined, prediction: undefined };
        const told = await qualityOf(ports, { ...comparison, ...unsaid }, { service, task: undefined, minLabels });
        return told.items[0];
      },
      isEnough[name],
    );
  /** A label is younger than its request: with few of the window there is no need to read its records at every look. */
  const hasLabels = async ({ service, from }: Look) =>
    (await selectLabels(ports.db, { service, sinceMs: from }, minLabels)).length >= minLabels;
  const signal = (name: keyof typeof isEnough, among: readonly string[]): Signal => ({
    ...{ name, unit: "number", argument: "needed", among, overMs: day, changesMs: hour },
    bounds: boundsOf,
    possible: async (service, now) => possibleOf(service, await whatIsPredicted(ports, service, now)),
    value: async (look, metric) => {
      if (name === "measured" && !(await hasLabels(look))) return null;
      const told = (await qualityIn(look, name))?.[name];
      if (told?.state !== "ok") return null;
      return told.metrics.find((one) => one.name === metric)?.value ?? null;
    },
  });
  return [signal("measured", measuredMetrics), signal("estimated", estimatedMetrics)];
}

/** Metrics of what a service predicts: neither classes have an error in numbers, nor numbers an accuracy. */
function possibleOf(service: string, { task, hasScores }: Predicted): Possible | undefined {
  const measured = (metrics: readonly string[]) => metrics.map((metric) => `measured(${metric})`);
  if (task === "regression")
    return { signals: measured(numberMetrics), because: `${service} predicts numbers, not classes` };
  if (hasScores === false) {
    const signals = measured(task === undefined ? [...classMetrics, ...numberMetrics] : classMetrics);
    return { signals, because: `${service} answers ${task === undefined ? "" : "classes "}without scores` };
  }
  if (task === undefined) return undefined;
  const estimated = estimatedMetrics.map((metric) => `estimated(${metric})`);
  return {
    signals: [...measured([...classMetrics, ...scoreMetrics]), ...estimated],
    because: `${service} predicts classes, not numbers`,
  };
}
