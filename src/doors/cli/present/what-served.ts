import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const whatServed: Presenter<"whatServed"> = (answer, { now, input }) =>
  page(
    answer,
    ["MODEL", "SERVICE", "REVISION", "FROM", "TO"],
    (span) => [
      `${String(input.name)}:${span.version}`,
      span.service,
      span.revision,
      timeText(span.from, now),
      span.to === null ? "still" : timeText(span.to, now),
    ],
    input.at === undefined ? "No service ever answered with this model" : "No service answered with this model then",
  );
