import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LockHolder } from "./process-lock.ts";

/** What a host writes into its folder when it answers. It is there until the host ends; one that is killed leaves it. */
export interface HostFile extends LockHolder {
  scoringUrl: string;
  /** How many fronts it has; only of a host of several. */
  fronts?: number;
}

/** Undefined when no host has written it, or when it cannot be read. */
export function readHostFile(folder: string): HostFile | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "host.json"), "utf8")) as HostFile;
  } catch {
    return undefined;
  }
}
