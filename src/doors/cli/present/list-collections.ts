import { emptyText, page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

const shownColumns = 6;

export const listCollections: Presenter<"listCollections"> = (answer, { now, input }) =>
  page(
    answer,
    ["SERVICE", "COLLECTION", "MODEL", "ENTRIES", "ROWS", "LAST", "COLUMNS"],
    ({ service, collection, model, version, entries, rows, lastAt, columns }) => [
      service,
      collection,
      model === null ? "-" : `${model}:${version ?? "-"}`,
      entries,
      rows,
      timeText(lastAt, now),
      columns.length > shownColumns
        ? `${columns.slice(0, shownColumns).join(" ")} … ${columns.length} in all`
        : columns.join(" "),
    ],
    emptyText(
      input,
      "Nothing was collected. Entry scripts collect with ModelDataCollector or azureml-ai-monitoring: docs/guide/collections.md",
      "modelyard collection list",
    ),
  );
