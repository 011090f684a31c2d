import type { AlertState } from "../../contract/alerts.ts";

/** What is remembered of an alert on a service between two evaluations; times are epoch ms. */
export interface AlertMemory {
  state: AlertState;
  /** When it came to this state. */
  since: number;
  /** Since when a firing one is back beyond its clear values; null when it is not. */
  clearSince: number | null;
  /** When it was last evaluated. */
  at: number;
}

export type Verdict = "breached" | "between" | "clear";

/** Evaluations further apart than this saw too little of the time between: what must hold for a while begins anew. */
const longestGapMs = 150_000;

/** The memory before the first evaluation. */
export const noMemory = (at: number): AlertMemory => ({ state: "ok", since: at, clearSince: null, at });

/**
 * One evaluation: what must hold for `forMs` to fire must be over for as long to be resolved, so a value that swings around its
 * threshold tells little. A function of its arguments alone.
 */
export function step(
  before: AlertMemory,
  verdict: Verdict,
  forMs: number,
  at: number,
  gapMs = longestGapMs,
): AlertMemory {
  const gap = at - before.at > gapMs;
  const to = (state: AlertState): AlertMemory => ({ state, since: at, clearSince: null, at });
  switch (before.state) {
    case "ok":
      if (verdict !== "breached") return { ...before, at };
      return to(forMs === 0 ? "firing" : "pending");
    case "pending": {
      if (verdict !== "breached") return to("ok");
      const since = gap ? at : before.since;
      return at - since >= forMs ? to("firing") : { ...before, since, at };
    }
    case "firing": {
      if (verdict !== "clear") return { ...before, clearSince: null, at };
      const clearSince = gap ? at : (before.clearSince ?? at);
      return at - clearSince >= forMs ? to("ok") : { ...before, clearSince, at };
    }
  }
}
