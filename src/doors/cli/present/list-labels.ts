import { emptyText, page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listLabels: Presenter<"listLabels"> = (answer, { now, input }) =>
  page(
    answer,
    ["REQUEST", "ROW", "SERVICE", "VALUE", "KNOWN", "CHANGED", "BY", "RECORD"],
    ({ id, row, service, value, at, changedAt, by, hasRecord }) => [
      ...[id, row, service, String(value)],
      ...[timeText(at, now), timeText(changedAt, now), by, hasRecord ? "kept" : "not here"],
    ],
    emptyText(
      input,
      "No labels. Tell what was true: modelyard label add SERVICE REQUEST VALUE",
      "modelyard label list",
    ),
  );
