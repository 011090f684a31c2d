import { ModelyardError } from "../contract/errors.ts";
import { type FollowedEvent, matchesType } from "../contract/events.ts";
import { cloudEvent } from "./cloud-event.ts";
import type { EventsPorts } from "./ports.ts";
import { outboxEnds, type StoredEvent, selectEvents } from "./rows/events.ts";

const pageSize = 200;

export interface EventFeed {
  /**
   * Events after a sequence, or from now on, as they are committed, until the signal is aborted. The first item says where it begins, and
   * whether events between there and `after` are not kept any more. Nothing is buffered: who reads slowly reads the outbox later. Error: too-many-streams.
   */
  follow(
    after: number | undefined,
    types: readonly string[],
    signal: AbortSignal,
  ): Promise<AsyncIterable<FollowedEvent>>;
  /** Something may have been written. */
  wake(): void;
}

/** One who waits for events. `rung` is kept while it reads, so that what is written meanwhile is not missed. */
interface Follower {
  rung: boolean;
  resume(): void;
}

/** The outbox as a stream for at most `most` followers. Those at its end share one read. */
export function makeEventFeed({ db, source }: Pick<EventsPorts, "db" | "source">, most = 100): EventFeed {
  const followers = new Set<Follower>();
  let newest = 0;
  let looking = false;
  let again = false;
  let shared: { after: number; page: Promise<StoredEvent[]> } | undefined;

  function ring(): void {
    shared = undefined;
    for (const follower of followers) {
      follower.rung = true;
      follower.resume();
    }
  }

  /** Rings when there is something new: most commits write no event. */
  async function look(): Promise<void> {
    looking = true;
    do {
      again = false;
      const ends = await outboxEnds(db).catch(() => undefined);
      // what cannot be told is looked at by everybody
      if (ends?.newest === newest) continue;
      newest = ends?.newest ?? newest;
      ring();
    } while (again);
    looking = false;
  }

  function read(after: number): Promise<StoredEvent[]> {
    if (shared?.after !== after) shared = { after, page: selectEvents(db, { after, types: [], limit: pageSize }) };
    return shared.page;
  }

  async function* itemsOf(start: FollowedEvent, types: readonly string[], follower: Follower, signal: AbortSignal) {
    yield start;
    for (let next = start.next; !signal.aborted; ) {
      follower.rung = false;
      const page = await read(next);
      for (const event of page) {
        next = event.sequence;
        if (matchesType(types, event.type)) yield { next, event: cloudEvent(event, source()), reset: false };
      }
      if (page.length > 0 || follower.rung || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        follower.resume = resolve;
      });
    }
  }

  return {
    follow: async (after, types, signal) => {
      if (followers.size >= most) throw new ModelyardError("too-many-streams", { limit: most });
      const follower: Follower = { rung: false, resume: () => {} };
      followers.add(follower);
      const leave = () => {
        followers.delete(follower);
        follower.resume();
      };
      signal.addEventListener("abort", leave, { once: true });
      if (signal.aborted) leave();
      const ends = await outboxEnds(db);
      if (ends.newest > newest) {
        newest = ends.newest;
        ring();
      }
      return itemsOf(startOf(after, ends), types, follower, signal);
    },
    wake: () => {
      again = true;
      if (!looking && followers.size > 0) void look();
    },
  };
}

/** Where a follower begins. A cursor beyond the end is that of another database, such as one from before a restore. */
function startOf(
  after: number | undefined,
  { oldest, newest }: { oldest: number | null; newest: number },
): FollowedEvent {
  if (after === undefined) return { next: newest, event: null, reset: false };
  if (after > newest) return { next: newest, event: null, reset: true };
  return { next: after, event: null, reset: oldest !== null && after < oldest - 1 };
}
