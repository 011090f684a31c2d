import { ModelyardError } from "../contract/errors.ts";

/** One change of a service at a time; a second one is told at once who holds it. */
export interface ServiceLocks {
  hold<Result>(service: string, holder: string, work: () => Promise<Result>): Promise<Result>;
}

export function makeServiceLocks(): ServiceLocks {
  const holders = new Map<string, string>();
  return {
    async hold(service, holder, work) {
      const held = holders.get(service);
      if (held !== undefined) throw new ModelyardError("service-busy", { service, holder: held });
      holders.set(service, holder);
      try {
        return await work();
      } finally {
        holders.delete(service);
      }
    },
  };
}
