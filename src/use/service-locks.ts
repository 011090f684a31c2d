import { ModelyardError } from "../contract/errors.ts";

/** One change of a service at a time; a second one is told at once who holds it, or ends it where that can be ended. */
export interface ServiceLocks {
  hold<Result>(service: string, holder: string, work: () => Promise<Result>): Promise<Result>;
  /** From now on the change that holds a service can be ended: the signal's reason is the error that its caller is to be told. */
  endable(service: string): AbortSignal;
  /** Ends the change that holds a service and waits until it has let go. Gives its error; undefined when none can be ended. */
  end(service: string, ender: string): Promise<ModelyardError | undefined>;
}

interface Change {
  holder: string;
  ending: AbortController | undefined;
  /** Called when it lets go. */
  waiting: (() => void)[];
}

export function makeServiceLocks(): ServiceLocks {
  const changes = new Map<string, Change>();
  return {
    async hold(service, holder, work) {
      const held = changes.get(service);
      if (held !== undefined) throw new ModelyardError("service-busy", { service, holder: held.holder });
      const change: Change = { holder, ending: undefined, waiting: [] };
      changes.set(service, change);
      try {
        return await work();
      } finally {
        changes.delete(service);
        for (const tell of change.waiting) tell();
      }
    },
    endable(service) {
      const ending = new AbortController();
      const change = changes.get(service);
      if (change !== undefined) change.ending = ending;
      return ending.signal;
    },
    async end(service, ender) {
      const change = changes.get(service);
      if (change?.ending === undefined) return undefined;
      const error = new ModelyardError("change-ended", { service, holder: change.holder, ender });
      change.ending.abort(error);
      await new Promise<void>((resolve) => change.waiting.push(resolve));
      return error;
    },
  };
}
