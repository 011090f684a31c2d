import { asModelyardError } from "../contract/known-error.ts";
import { checkReceiver } from "./check-receiver.ts";
import type { Message } from "./message.ts";
import type { EventsPorts } from "./ports.ts";

const timeoutMs = 30_000;

/** How one POST to a receiver went; only an answer of 2xx is a success. */
export interface Outcome {
  success: boolean;
  responseStatus: number | null;
  /** The first part of the answer's body. */
  responseBody: string | null;
  error: string | null;
}

/** Posts a message to an address that may be sent to. Never throws: whatever goes wrong is an outcome. */
export async function transmit(
  ports: Pick<EventsPorts, "send" | "lookup" | "allowPrivate">,
  url: string,
  { headers, body }: Message,
): Promise<Outcome> {
  try {
    const addresses = await checkReceiver(ports, url);
    const answer = await ports.send({ url, addresses, headers, body, timeoutMs });
    const success = answer.status >= 200 && answer.status < 300;
    const error = success ? null : `answered ${answer.status}`;
    return { success, responseStatus: answer.status, responseBody: answer.body, error };
  } catch (cause) {
    return { success: false, responseStatus: null, responseBody: null, error: reasonOf(cause).slice(0, 500) };
  }
}

function reasonOf(cause: unknown): string {
  const known = asModelyardError(cause);
  if (known.code !== "internal") return known.message;
  // Node leaves the text of an error that gathers several empty
  return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
}
