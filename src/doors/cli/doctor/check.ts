import type { Tools } from "../tools.ts";

export interface Finding {
  ok: boolean;
  /** What was seen, one line. */
  found: string;
  /** How to get it; null when nothing is missing. */
  fix: string | null;
}

/** One thing a machine needs. */
export interface Check {
  name: string;
  check(tools: Tools): Promise<Finding>;
}

export const good = (found: string): Finding => ({ ok: true, found, fix: null });
export const missing = (found: string, fix: string): Finding => ({ ok: false, found, fix });
