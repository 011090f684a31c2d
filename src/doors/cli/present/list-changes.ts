import { changeCells, changeColumns } from "./change-text.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listChanges: Presenter<"listChanges"> = (answer, { now }) =>
  page(
    answer,
    ["AT", "SERVICE", ...changeColumns],
    (entry) => [timeText(entry.at, now), entry.service, ...changeCells(entry)],
    "No service was changed yet",
  );
