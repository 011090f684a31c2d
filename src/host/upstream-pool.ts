import { ModelyardError } from "../contract/errors.ts";
import type { UpstreamLink } from "./engines/http/link.ts";
import type { Worker } from "./engines/worker.ts";
import { itemHead, type Pool, type PoolOptions } from "./pool.ts";

/** One request on its way to a server. */
export interface Visit {
  link: UpstreamLink;
  /** Called once it is over, however it ended. */
  leave(): void;
}

/** The requests of a revision that other servers answer: none waits here, each goes to the replica that has fewest. */
export interface UpstreamPool extends Pool {
  /** Errors: no-replica; queue-full, when as many are under way as may be. */
  enter(): Visit;
}

export function makeUpstreamPool({ service, queueLimit, onIdle }: PoolOptions): UpstreamPool {
  const running = new Map<Worker, number>();
  let total = 0;
  const choose = (): Worker => {
    if (total >= queueLimit) throw new ModelyardError("queue-full", { service });
    let chosen: Worker | undefined;
    for (const [worker, count] of running)
      if (chosen === undefined || count < (running.get(chosen) as number)) chosen = worker;
    if (chosen === undefined) throw new ModelyardError("no-replica", { service, reason: "its server does not answer" });
    return chosen;
  };
  const add = (worker: Worker, change: 1 | -1) => {
    total += change;
    const count = running.get(worker);
    if (count !== undefined) {
      // of those with as many, the one that was asked longest ago is first
      if (change > 0) running.delete(worker);
      running.set(worker, count + change);
    }
    if (total === 0) onIdle();
  };
  return {
    enter: () => {
      const worker = choose();
      const link = worker.upstream as UpstreamLink;
      add(worker, 1);
      let left = false;
      const leave = () => {
        if (left) return;
        left = true;
        add(worker, -1);
      };
      return { link, leave };
    },
    submit: async (work, { timeoutMs }, elapsedMs) => {
      const worker = choose();
      add(worker, 1);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const expire = () => reject(new ModelyardError("scoring-timeout", { service, timeoutMs }));
        timer = setTimeout(expire, Math.max(0, timeoutMs - elapsedMs));
      });
      try {
        const [answer] = await Promise.race([worker.score([itemHead(work, false)], [work.body]), late]);
        if (answer === undefined) throw new Error("a server gave no answer");
        return answer;
      } finally {
        clearTimeout(timer);
        add(worker, -1);
      }
    },
    attach: (worker) => running.set(worker, 0),
    detach: (worker) => running.delete(worker),
    refuseAll: () => {},
    isIdle: () => total === 0,
    load: () => ({ waiting: 0, running: total }),
  };
}
