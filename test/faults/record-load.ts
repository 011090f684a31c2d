import { Agent } from "node:http";
import { expect } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { eventually } from "./eventually.ts";
import { post } from "./scoring.ts";

/** Requests at a fixed rate, each with an id of its own that begins with `<service>-`. */
export interface OpenLoop {
  /** Of each answer of status 200 by its id, when its request was sent and when it came (`performance.now()`). */
  answered: Map<string, { sentAt: number; at: number }>;
  sent(): number;
  /** Comes back when nothing is on its way any more. */
  stop(): Promise<void>;
}

const limitMs = 60_000;

/** Sends `perSecond` requests a second to a service, whatever becomes of them; no more than 256 at once. */
export function startOpenLoop(
  { service, scoringUri, headers }: { service: string; scoringUri: string; headers: Record<string, string> },
  perSecond: number,
): OpenLoop {
  const answered: OpenLoop["answered"] = new Map();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let sent = 0;
  let flying = 0;
  const send = async () => {
    const id = `${service}-${sent++}`;
    flying += 1;
    const sentAt = performance.now();
    const reply = await post(scoringUri, "{}", { agent, headers: { ...headers, "x-request-id": id } }).catch(
      () => null,
    );
    flying -= 1;
    if (reply?.status === 200) answered.set(id, { sentAt, at: performance.now() });
  };
  const timer = setInterval(() => {
    for (let count = 0; count < perSecond / 100 && flying < 256; count += 1) void send();
  }, 10);
  return {
    answered,
    sent: () => sent,
    stop: async () => {
      clearInterval(timer);
      await eventually(limitMs, async () => expect(flying).toBe(0));
      agent.destroy();
    },
  };
}

/** How often each id of a service is in the store. */
export async function recordedCounts(client: Client, service: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let pageToken: string | undefined; ; ) {
    const page = await client.listRecords({ service, pageSize: 500, ...(pageToken ? { pageToken } : {}) });
    for (const { id } of page.items) counts.set(id, (counts.get(id) ?? 0) + 1);
    if (page.nextPageToken === null) return counts;
    pageToken = page.nextPageToken;
  }
}
