import type { Quality } from "../../contract/quality.ts";
import type { QualityPorts } from "../quality/ports.ts";
import { qualityOf } from "../quality/show-quality.ts";
import { byWindow } from "./by-window.ts";
import type { Look, Signal } from "./signal.ts";

const hour = 3_600_000;
const day = 24 * hour;

const estimatedMetrics = ["accuracy", "f1_macro", "roc_auc"] as const;
const measuredMetrics = [
  ...estimatedMetrics,
  ...["precision_macro", "recall_macro", "f1_micro", "log_loss", "brier"],
  ...["mae", "rmse", "mape", "r2"],
] as const;

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
    value: async (look, metric) => {
      const told = (await qualityIn(look))?.[name];
      if (told?.state !== "ok") return null;
      return told.metrics.find((one) => one.name === metric)?.value ?? null;
    },
  });
  return [signal("measured", measuredMetrics), signal("estimated", estimatedMetrics)];
}
