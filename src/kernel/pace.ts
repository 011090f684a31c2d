/** Lets long work rest between its parts, so that others get the cores, for as long as nobody waits for its end. */
export interface Pace {
  /** Begins work that nobody waits for yet. Gives the way to rest, to be called before each of its parts: as long as the part before it took, times `rests`. */
  begin(): () => Promise<void>;
  /** Runs work that somebody waits for: until it ends nothing rests, and what rests goes on. */
  hurry<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Work that goes on for longer than `patienceMs` rests no more: it must come to its end. */
export function makePace({ rests, patienceMs }: { rests: number; patienceMs: number }): Pace {
  let hurries = 0;
  const wakes = new Set<() => void>();
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      wakes.add(wake);
    });
  return {
    begin() {
      const begun = performance.now();
      let last = begun;
      return async () => {
        const now = performance.now();
        const ms = Math.min(rests * (now - last), begun + patienceMs - now);
        if (hurries === 0 && ms >= 1) await sleep(ms);
        last = performance.now();
      };
    },
    async hurry(work) {
      hurries += 1;
      for (const wake of wakes) wake();
      try {
        return await work();
      } finally {
        hurries -= 1;
      }
    },
  };
}
