import type { SeenState, SpokenLanguage, WantedService } from "../contract/host.ts";

/** An answer to one scoring request, whatever its status. */
export interface Answer {
  status: number;
  requestId: string;
  durationMs: number;
  body: string;
}

/** A place where services run. One file in use/targets makes one. */
export interface Target {
  name: string;
  /** Programs and files the target takes, for doctor. */
  needs: readonly string[];
  /** Brings the target to exactly these services. Idempotent: applying the same twice does nothing the second time. */
  apply(services: readonly WantedService[]): Promise<void>;
  /** What runs. With `after`, waits up to `waitMs` for a change later than that one. Fails with host-unreachable. */
  observe(wait?: { after: number; waitMs: number }): Promise<SeenState>;
  /** Sends a request, in Azure ML's language when none is said, to a service, or to one of its revisions without being recorded. */
  score(service: string, revision: number | null, body: string, language?: SpokenLanguage): Promise<Answer>;
  logs(service: string, revision: number, options: { tail: number; requestId?: string | undefined }): Promise<string[]>;
  /** Base of the scoring URLs. */
  scoringUrl(): string;
}

export const defineTarget = (target: Target): Target => target;
