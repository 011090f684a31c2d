import { noRecords } from "./no-records.ts";
import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { msText, sizeText, timeText } from "./text.ts";

export const listRecords: Presenter<"listRecords"> = (answer, { now, input }) =>
  page(
    answer,
    ["REQUEST", "SERVICE", "REVISION", "MODELS", "AT", "STATUS", "TOOK", "BODY", "ANSWER"],
    (record) => [
      record.id,
      record.service,
      record.revision,
      record.models.join(" ") || null,
      timeText(record.at, now),
      record.mirrored ? `${record.status} (mirrored)` : record.status,
      msText(record.durationMs),
      sizeText(record.bodySize),
      sizeText(record.answerSize),
    ],
    noRecords(input),
  );
