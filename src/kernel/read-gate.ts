/** Lets something be changed only while nobody reads it who must see it unchanged until he ends. */
export interface ReadGate {
  /** Begins to read; waits while there is a change. Gives what ends it. */
  enter(): Promise<() => void>;
  /** Does the work when nobody reads, with those who come meanwhile waiting; gives whether it was done. */
  whenNobodyReads(work: () => Promise<void>): Promise<boolean>;
  readers(): number;
}

export function makeReadGate(): ReadGate {
  let readers = 0;
  let change: Promise<unknown> | undefined;
  return {
    async enter() {
      while (change !== undefined) await change.catch(() => {});
      readers += 1;
      let entered = true;
      return () => {
        if (entered) readers -= 1;
        entered = false;
      };
    },
    async whenNobodyReads(work) {
      if (readers > 0 || change !== undefined) return false;
      change = work();
      try {
        await change;
        return true;
      } finally {
        change = undefined;
      }
    },
    readers: () => readers,
  };
}
