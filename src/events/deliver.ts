import { spanMs } from "../kernel/time-spans.ts";
import { fanOut } from "./fan-out.ts";
import { messageOf } from "./message.ts";
import type { EventsPorts } from "./ports.ts";
import { type Attempt, type DueDelivery, noteAttempt, selectDue, webhooksWithDue } from "./rows/deliveries.ts";
import { findEvent } from "./rows/events.ts";
import { findWebhook } from "./rows/webhooks.ts";
import { type Outcome, transmit } from "./transmit.ts";

const firstWaitMs = spanMs("5s");
const longestWaitMs = spanMs("1h");
const givenUpAfterMs = spanMs("72h");
/** Streams of one webhook that are sent at the same time, so that one that hangs does not hold up the others. */
const lanesOfWebhook = 4;

export interface Delivery {
  /** Queues new events and tries all that is due; ends when nothing more is due now. */
  round(): Promise<void>;
  /** Starts a round and does not wait for it. Many calls at once are few rounds. */
  wake(): void;
  /** Starts nothing more; what is being sent is not waited for and is sent again after the next start. */
  stop(): void;
}

/** What goes on for one webhook: how many lanes, and which deliveries they have in hand. */
interface Traffic {
  lanes: number;
  inHand: Set<string>;
}

/**
 * Sends events to webhooks: each at least once, and those of one stream in their order. All state is in the database, and an
 * attempt is noted after the answer: a crash in between sends again.
 */
export function makeDelivery(ports: EventsPorts): Delivery {
  const traffic = new Map<string, Traffic>();
  let stopped = false;
  let awake = false;
  let again = false;

  /** Fills up the lanes of a webhook and waits for those it started. A lane goes on until nothing is due. */
  async function drain(webhook: string): Promise<void> {
    const here = traffic.get(webhook) ?? { lanes: 0, inHand: new Set() };
    traffic.set(webhook, here);
    const started: Promise<void>[] = [];
    for (; here.lanes < lanesOfWebhook; here.lanes += 1) started.push(lane(webhook, here));
    await Promise.all(started);
  }

  async function lane(webhook: string, here: Traffic): Promise<void> {
    try {
      while (!stopped) {
        const due = await selectDue(ports.db, webhook, ports.clock.now(), lanesOfWebhook);
        const next = due.find(({ id }) => !here.inHand.has(id));
        if (next === undefined) return;
        here.inHand.add(next.id);
        const goesOn = await attempt(ports, next).finally(() => here.inHand.delete(next.id));
        if (!goesOn) return;
      }
    } finally {
      here.lanes -= 1;
      if (here.lanes === 0) traffic.delete(webhook);
    }
  }

  async function queued(): Promise<string[]> {
    await fanOut(ports);
    return webhooksWithDue(ports.db, ports.clock.now());
  }

  function failed(error: unknown): void {
    if (!stopped) ports.log.warn({ reason: String(error) }, "events could not be sent; it is tried again");
  }

  async function rounds(): Promise<void> {
    awake = true;
    try {
      while (again && !stopped) {
        again = false;
        for (const webhook of await queued()) void drain(webhook).catch(failed);
      }
    } finally {
      awake = false;
    }
  }

  return {
    async round() {
      await Promise.all((await queued()).map(drain));
    },
    wake() {
      again = true;
      if (!awake) void rounds().catch(failed);
    },
    stop() {
      stopped = true;
    },
  };
}

/** Tries one delivery and notes how it went. False: the webhook is paused or gone. */
async function attempt(ports: EventsPorts, due: DueDelivery): Promise<boolean> {
  const { db, clock, source } = ports;
  const [webhook, event] = [await findWebhook(db, due.webhook), await findEvent(db, due.sequence)];
  if (webhook?.status !== "active" || event === undefined) return false;
  const message = messageOf(webhook, event, due.id, { source: source(), now: clock.now() });
  const outcome = await transmit(ports, webhook.url, message);
  const noted = attemptOf(due, outcome, clock.now());
  if (!outcome.success)
    ports.log.warn(
      { webhook: webhook.id, event: event.id, attempt: due.attempts + 1, status: noted.status, reason: outcome.error },
      "a receiver did not take an event",
    );
  await db.transaction((tx) => noteAttempt(tx, due, noted));
  return true;
}

/** What follows an attempt: the end, or another one after 5 s, 10 s, 20 s … 1 h, the last of them 72 h after the first. */
function attemptOf(
  { attempts, firstAt }: DueDelivery,
  { success, responseStatus, error }: Outcome,
  at: number,
): Attempt {
  const answer = { at, responseStatus, error };
  if (success) return { ...answer, status: "delivered", nextAt: null };
  const end = (firstAt ?? at) + givenUpAfterMs;
  if (at >= end) return { ...answer, status: "dead", nextAt: null };
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempts, 20));
  return { ...answer, status: "pending", nextAt: Math.min(at + wait, end) };
}
