import { ModelyardError } from "../contract/errors.ts";
import type { Service } from "./service-table.ts";

/** Milliseconds a body may take where requests may take longer. Below node:http's own limit of 300 s, which breaks the connection. */
const longestMs = 240_000;

/**
 * The body of a request to a service, when it arrives while there is still time for an answer: within the longest `timeoutMs` of the
 * revisions, as the one that answers is chosen later. Errors: body-timeout; those of `body`.
 */
export function bodyInTime(body: Promise<Buffer>, { wanted, live }: Service): Promise<Buffer> {
  let timeoutMs = 0;
  for (const revision of live.values()) timeoutMs = Math.max(timeoutMs, revision.wanted.timeoutMs);
  timeoutMs = Math.min(timeoutMs || longestMs, longestMs);
  return new Promise((resolve, reject) => {
    const late = () => reject(new ModelyardError("body-timeout", { service: wanted.name, timeoutMs }));
    const timer = setTimeout(late, timeoutMs);
    body.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
