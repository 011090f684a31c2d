import type { Progress } from "../contract/operation.ts";

/** The last event of a run: what stands now. */
export interface Done {
  event: "done";
  changed: boolean;
  service: string;
  scoringUri: string;
  swaggerUri: string;
  /** The primary key; null when the service asks for none. */
  key: string | null;
  /** `name:version`; several are joined by a comma. */
  model: string;
  /** Digest of the image. */
  image: string;
  revision: number;
}

/** The last event of a dry run: what a run would do, one sentence each; empty when there is nothing to do. */
export interface Planned {
  event: "planned";
  service: string;
  would: string[];
}

export type UpEvent = Progress | Done | Planned;
