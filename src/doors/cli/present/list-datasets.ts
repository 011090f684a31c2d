import { emptyText, page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { shortDigest, sizeText, timeText } from "./text.ts";

export const listDatasets: Presenter<"listDatasets"> = (answer, { now, input }) =>
  page(
    answer,
    ["DATA SET", "SERVICE", "ROWS", "SIZE", "FORMAT", "STATE", "CREATED"],
    ({ name, digest, service, rows, size, format, state, createdAt }) => [
      ...[`${name}@${shortDigest(digest)}`, service, rows, sizeText(size), format, state, timeText(createdAt, now)],
    ],
    emptyText(
      input,
      "No data sets. Make one: modelyard dataset create NAME --service SERVICE --since 7d",
      "modelyard dataset list",
    ),
  );
