import type { UpstreamLink } from "./http/link.ts";
import type { WorkerConnection } from "./worker-connection.ts";
import type { ReadyHead } from "./worker-frames.ts";

/** How a start ended: ready, or why not. `final` means that another attempt would end the same way. */
export type StartOutcome = { ready: ReadyHead } | { ready: null; reason: string; final: boolean };

/** What answers for one replica, from its start to its end. It is never restarted: see replica.ts. */
export interface Worker extends Pick<WorkerConnection, "score"> {
  /** The server behind it, when requests are passed on as they are. */
  readonly upstream?: UpstreamLink;
  /** Null when it has no process of its own. */
  readonly pid: number | null;
  /** Never rejects. */
  started: Promise<StartOutcome>;
  /** The reason it ended, one line. Never rejects. */
  ended: Promise<string>;
  /** Tells it that the request in hand is over its time. */
  interrupt(): void;
  /** Lets it finish what runs, then ends it; by force after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  kill(reason: string): void;
}
