import type { Quality } from "../../contract/quality.ts";
import type { QualityPorts } from "../quality/ports.ts";
import { qualityOf } from "../quality/show-quality.ts";
import { type Predicted, whatIsPredicted } from "../quality/what-is-predicted.ts";
import { byWindow } from "./by-window.ts";
import type { Look, Possible, Signal } from "./signal.ts";

const hour = 3_600_000;
const day = 24 * hour;

const classMetrics = ["accuracy", "f1_macro", "precision_macro", "recall_macro", "f1_micro"];
const scoreMetrics = ["roc_auc", "log_loss", "brier"];
const numberMetrics = ["mae", "rmse", "mape", "r2"];
const measuredMetrics = [...classMetrics, ...scoreMetrics, ...numberMetrics];
const estimatedMetrics = ["accuracy", "f1_macro", "roc_auc"];

/** Below this many rows with a label nothing is said. */
const minLabels = 30;

/** Quality by labels, and as it is estimated without. It is read from the records, so it is looked at once an hour. */
export function qualitySignals(ports: Pick<QualityPorts, "db" | "readRecords">): Signal[] {
  const looked = byWindow<Quality | undefined>(hour);
  const qualityIn = ({ service, from, to }: Look) =>
    looked(JSON.stringify([service, to - from]), to, async (end) => {
      const comparison = { service, from: end - (to - from), to: end };
      const unsaid = { windowMs: undefined, by: undefined, prediction: undefined };
      const told = await qualityOf(ports, { ...comparison, ...unsaid }, { service, task: undefined, minLabels });
      return told.items[0];
    });
  const signal = (name: "measured" | "estimated", among: readonly string[]): Signal => ({
    ...{ name, unit: "number", argument: "needed", among, overMs: day, changesMs: hour },
    possible: async (service, now) => possibleOf(service, await whatIsPredicted(ports, service, now)),
    value: async (look, metric) => {
      const told = (await qualityIn(look))?.[name];
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
