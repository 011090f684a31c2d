import { changeCells, changeColumns } from "./change-text.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const getServiceHistory: Presenter<"getServiceHistory"> = (answer, { now }) =>
  page(
    answer,
    ["AT", ...changeColumns],
    (entry) => [timeText(entry.at, now), ...changeCells(entry)],
    "Nothing has happened to this service",
  );
