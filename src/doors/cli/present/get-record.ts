import { digestSchema } from "../../../contract/operation.ts";
import type { Presenter } from "./presenter.ts";
import { fields, msText, shortDigest, table, timeText } from "./text.ts";

const shownFiles = 20;

export const getRecord: Presenter<"getRecord"> = (record, { now }) => {
  const head = fields([
    ["request", record.id],
    ["service", `${record.service}, revision ${record.revision}`],
    ["models", record.models.join(" ")],
    ["image", imageText(record.image)],
    ["at", timeText(record.at, now)],
    ["status", record.status],
    ["trace", record.traceId],
    ...(record.mirrored ? [["mirrored", "nobody got this answer"] as [string, string]] : []),
    ["took", msText(record.durationMs)],
  ]);
  const shown = record.files.slice(0, shownFiles).map(({ path, digest }) => [path, digest]);
  const more = record.files.length > shownFiles ? `\n… ${record.files.length} files; --json shows all` : "";
  const files = shown.length === 0 ? [] : [`${table(["FILE", "SHA-256"], shown)}${more}`];
  const part = (title: string, text: string, encoding: string, size: number, cut: boolean) =>
    `${title} (${size} bytes${encoding === "base64" ? ", as base64" : ""}${cut ? ", cut" : ""})\n${text}`;
  const body = part("Body", record.body, record.bodyEncoding, record.bodySize, record.bodyTruncated);
  const answer = part("Answer", record.answer, record.answerEncoding, record.answerSize, record.answerTruncated);
  return { data: [head, ...files, body, answer].join("\n\n") };
};

/** A model that is served elsewhere has no image, and what stands in its place is no digest. */
const imageText = (image: string): string | null => (digestSchema.safeParse(image).success ? shortDigest(image) : null);
