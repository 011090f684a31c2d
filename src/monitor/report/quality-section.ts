import type { ReportSection } from "../../contract/alerts.ts";
import type { Quality } from "../../contract/quality.ts";
import { selectLabels } from "../labels/rows.ts";
import type { QualityPorts } from "../quality/ports.ts";
import { qualityOf } from "../quality/show-quality.ts";
import type { ReportWindow } from "./ports.ts";

type Metric = Quality["measured"]["metrics"][number];
const minLabels = 30;

/** By model version; null of a service without labels, as it is read from the records. */
export const qualitySection =
  (ports: Pick<QualityPorts, "db" | "readRecords">) =>
  async ({ service, from, to }: ReportWindow): Promise<ReportSection | null> => {
    if ((await selectLabels(ports.db, { service }, 1)).length === 0) return null;
    const comparison = { service, from, to, windowMs: undefined, by: "model" as const, prediction: undefined };
    const { items, assumption, unread } = await qualityOf(ports, comparison, { service, task: undefined, minLabels });
    const labelled = items.reduce((sum, item) => sum + item.labelled, 0);
    const rows = items.reduce((sum, item) => sum + item.rows, 0);
    const left = Object.entries(unread).map(([reason, count]) => `${count} records left out: ${reason}.`);
    return {
      title: "Quality",
      note: [
        `${labelled} of ${rows} predictions have a label.`,
        ...left,
        ...(assumption === null ? [] : [assumption]),
      ].join(" "),
      head: ["model", "known by", "metric", "value", "95 % interval"],
      rows: items.flatMap(({ model, measured, estimated }) => [
        ...linesOf(model, "labels", measured.metrics),
        ...linesOf(model, "estimate", estimated?.metrics ?? []),
      ]),
    };
  };

const linesOf = (model: string | null, by: string, metrics: readonly Metric[]) =>
  metrics
    .filter(({ value }) => value !== null)
    .map(({ name, value, low, high }) => [
      model || null, // a service elsewhere tells none
      by,
      name,
      brief(value),
      `${brief(low) ?? "?"} to ${brief(high) ?? "?"}`,
    ]);

const brief = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));
