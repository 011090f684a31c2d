import { once } from "node:events";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FollowedEvent } from "../../contract/events.ts";
import type { Log } from "../../kernel/log.ts";
import { stackOf } from "./ports.ts";

/** A comment now and then keeps proxies from closing, and shows who left or hangs. */
const heartbeatMs = 15_000;
/** How long a browser waits before it comes again. */
const retryMs = 2000;

/** How an item is written (https://html.spec.whatwg.org/multipage/server-sent-events.html). An id alone moves the cursor and is no message. */
function frameOf({ next, event, reset }: FollowedEvent): string {
  if (event !== null) return `id: ${next}\ndata: ${JSON.stringify(event)}\n\n`;
  return `id: ${next}\n${reset ? `event: reset\ndata: {"next":${next}}\n` : ""}\n`;
}

/**
 * Answers with events as they come, until the client leaves or may not see them any more; `check` throws then. A client that reads slowly
 * holds up nothing but itself: what it has not read is not in memory, and one that reads nothing for a heartbeat is closed. It resumes by `Last-Event-ID`.
 */
export async function sendEvents(
  items: AsyncIterable<FollowedEvent>,
  { log, check, signal }: { log: Log; check(): Promise<unknown>; signal: AbortSignal },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  const type = { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" };
  raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...type });
  raw.write(`retry: ${retryMs}\n\n`);
  const heartbeat = setInterval(() => {
    if (raw.writableNeedDrain) raw.destroy();
    else
      check().then(
        () => raw.write(":\n\n"),
        () => raw.end(),
      );
  }, heartbeatMs);
  try {
    for await (const item of items) {
      if (!(await check().then(...yesOrNo))) break;
      if (!raw.write(frameOf(item))) await once(raw, "drain", { signal }).catch(() => {});
    }
  } catch (error) {
    log.error({ requestId: request.id, cause: stackOf(error) }, "a stream of events broke");
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
  return reply;
}

const yesOrNo = [() => true, () => false] as const;
