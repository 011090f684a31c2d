import type { Operation } from "../../contract/operation.ts";
import type { Actor, Handlers } from "../../contract/operations.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";

export interface HttpPorts {
  handlers: Handlers;
  /** Finds who asks and refuses a role that is not enough. */
  admit(authorization: string | undefined, operation: Pick<Operation, "id" | "role">): Promise<Actor>;
  /** Sessions of browsers, by the secret in their cookie. `open` gives the secret and the longest life. Errors: unauthenticated, sign-in-link-used. */
  sessions: {
    open(signIn: { code: string } | { token: string }): Promise<{ secret: string; lifeMs: number }>;
    admit(secret: string, operation: Pick<Operation, "id" | "role">): Promise<Actor>;
    end(secret: string): Promise<void>;
  };
  log: Log;
  clock: Clock;
  version: string;
  /** Names the build that runs, so that a newer CLI can tell. */
  build: string;
  /** Folder of docs/errors. */
  docsFolder: string;
  /** Folder of the built web pages; it may be missing. */
  webFolder: string;
  /** Names of hosts under which the server answers, besides those of loopback. */
  allowedHosts: readonly string[];
  /** Metrics of the scoring host as Prometheus reads them. Error: host-unreachable. */
  metrics(): Promise<string>;
  /** Own address, for the OpenAPI document. */
  url(): string;
}

/** What a log keeps of a bug. */
export const stackOf = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
