/** Counts the changes of what is seen and lets a reader wait for the next one. */
export interface ChangeCounter {
  value(): number;
  bump(): void;
  /** Resolves as soon as the value is above `after`, or after `waitMs`. */
  wait(after: number, waitMs: number): Promise<void>;
  /** Nobody waits any more, now or later. */
  end(): void;
}

/** `start` is the first value; the time of the start keeps it growing from one run of the host to the next. */
export function makeChangeCounter(start: number): ChangeCounter {
  let value = start;
  let ended = false;
  let waiters: (() => void)[] = [];
  const bump = () => {
    value += 1;
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };
  return {
    value: () => value,
    bump,
    end: () => {
      ended = true;
      bump();
    },
    wait: (after, waitMs) => {
      if (ended || value > after || waitMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiters = waiters.filter((waiter) => waiter !== wake);
          resolve();
        }, waitMs);
        const wake = () => {
          clearTimeout(timer);
          resolve();
        };
        waiters.push(wake);
      });
    },
  };
}
