import type { Presenter } from "./presenter.ts";
import { fields, sizeText, table, timeText } from "./text.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const getDataset: Presenter<"getDataset"> = (dataset, { now }) => {
  const { query, labels, weights, columns } = dataset;
  const head = fields([
    ["data set", dataset.reference],
    ["state", dataset.state === "erased" ? `erased ${timeText(dataset.erasedAt, now)}` : dataset.state],
    ["format", dataset.format],
    ["size", sizeText(dataset.size)],
    ["rows", `${dataset.rows} of ${dataset.requests} requests`],
    ["labels", `${labels.rows} rows, ${percent(labels.coverage)}; ${query.labels}`],
    ["service", query.service],
    ["since", timeText(query.since, now)],
    ["until", timeText(query.until, now)],
    ["model", query.model],
    ["sample", query.sample === null ? null : `${query.sample}: ${weights.chosen} of ${weights.requests} requests`],
    [
      "answered by",
      dataset.models
        .map(({ model, revision, rows }) => `${model || "–"} (revision ${revision}, ${rows} rows)`)
        .join(", "),
    ],
    [
      "left out",
      Object.entries(dataset.skipped)
        .map(([reason, count]) => `${count} (${reason})`)
        .join(", "),
    ],
    ["rebuilt from", dataset.rebuiltFrom],
    ["created", `${timeText(dataset.createdAt, now)} by ${dataset.createdBy}`],
    ["trained on it", dataset.versions.join(" ")],
  ]);
  const shown = columns.map(({ name, role, type, missing }) => [name, role, type, missing]);
  return { data: `${head}\n\n${table(["COLUMN", "ROLE", "TYPE", "MISSING"], shown)}` };
};
