import { setTimeout as sleep } from "node:timers/promises";

/** Tries until `check` does not throw any more; after `limitMs` its last error is the failure. */
export async function eventually<Result>(limitMs: number, check: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(50);
    }
  }
}
