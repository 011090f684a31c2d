import type { RecordDetail } from "../../../../src/contract/records.ts";
import { shellWord } from "../../ui/shell-word.ts";

/** Where a service takes what was written in a language. */
function addressFor(language: RecordDetail["language"], name: string, scoringUri: string): string {
  const base = scoringUri.replace(/\/score$/, "");
  if (language === "inference") return `${base}/v2/models/${name}/infer`;
  return language === "mlflow" ? `${base}/invocations` : scoringUri;
}

/** The request of a record as curl would send it again; undefined where its body is not here whole and as text. The key stays in the environment. */
export function resendOf(
  { language, service, body, bodyEncoding, bodyTruncated }: RecordDetail,
  { scoringUri, needsKey }: { scoringUri: string; needsKey: boolean },
): string | undefined {
  if (bodyTruncated || bodyEncoding !== "utf8") return undefined;
  return [
    `curl -sS ${shellWord(addressFor(language, service, scoringUri))}`,
    ...(needsKey ? [`-H "Authorization: Bearer $KEY"`] : []),
    `-H 'Content-Type: application/json'`,
    `--data-raw ${shellWord(body)}`,
  ].join(" ");
}
