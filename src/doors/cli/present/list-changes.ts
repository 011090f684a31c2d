import { changeText } from "./change-text.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listChanges: Presenter<"listChanges"> = (answer, { now }) =>
  page(
    answer,
    ["AT", "SERVICE", "ACTION", "OUTCOME", "REVISION", "BY", "REASON", "WHAT"],
    (entry) => [
      timeText(entry.at, now),
      entry.service,
      entry.action,
      entry.outcome,
      entry.revision,
      entry.by,
      entry.reason,
      changeText(entry),
    ],
    "No service was changed yet",
  );
