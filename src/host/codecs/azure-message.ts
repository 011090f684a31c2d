import type { ModelyardError } from "../../contract/errors.ts";

/** What Azure ML's inference server says of an error, where it has words of its own. */
export function azureMessage({ code, message, details }: ModelyardError): string {
  if (code === "scoring-failed") return "An unexpected error occurred in scoring script. Check the logs for more info.";
  return code === "scoring-timeout" ? `Scoring timeout after ${details.timeoutMs} ms` : message;
}
