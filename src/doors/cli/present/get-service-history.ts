import { changeText } from "./change-text.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const getServiceHistory: Presenter<"getServiceHistory"> = (answer, { now }) =>
  page(
    answer,
    ["AT", "ACTION", "OUTCOME", "REVISION", "BY", "REASON", "WHAT"],
    (entry) => [
      timeText(entry.at, now),
      entry.action,
      entry.outcome,
      entry.revision,
      entry.by,
      entry.reason,
      changeText(entry),
    ],
    "Nothing has happened to this service",
  );
