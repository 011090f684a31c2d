import type { Presenter } from "./presenter.ts";
import { fields, msText, shortDigest, timeText } from "./text.ts";

export const getRecord: Presenter<"getRecord"> = (record, { now }) => {
  const head = fields([
    ["request", record.id],
    ["service", `${record.service}, revision ${record.revision}`],
    ["models", record.models.join(" ")],
    ["image", shortDigest(record.image)],
    ["at", timeText(record.at, now)],
    ["status", record.status],
    ["took", msText(record.durationMs)],
  ]);
  const part = (title: string, text: string, encoding: string, size: number, cut: boolean) =>
    `${title} (${size} bytes${encoding === "base64" ? ", as base64" : ""}${cut ? ", cut" : ""})\n${text}`;
  const body = part("Body", record.body, record.bodyEncoding, record.bodySize, record.bodyTruncated);
  const answer = part("Answer", record.answer, record.answerEncoding, record.answerSize, record.answerTruncated);
  return { data: `${head}\n\n${body}\n\n${answer}` };
};
