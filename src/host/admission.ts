import { ModelyardError } from "../contract/errors.ts";
import type { WantedService } from "../contract/host.ts";

/** What one request holds of the host, from its key until its answer is taken. */
export interface Held {
  of: ServiceLoad;
  /** Bytes of its body, of its answer when that is larger, and of its answer alone while that waits for its client. */
  bytes: number;
  /** 0 when it is one of its service's requests no more. */
  requests: 0 | 1;
}

interface ServiceLoad {
  requests: number;
  bytes: number;
}

/** Who may come in: so many requests of each service, and so many bytes of all their bodies and answers together. */
export interface Admission {
  /** Error: queue-full, when the host has as many requests of the service as it may have. */
  enter(service: Pick<WantedService, "name" | "maxConcurrentRequests">): Held;
  /** A request takes this many bytes more, or less when they are below 0. Error: host-full. */
  hold(held: Held, bytes: number): void;
  /** Another request of the service may come. Its bytes are held until it leaves. */
  answered(held: Held): void;
  leave(held: Held): void;
}

/** Requests of one service, for a wanted state of an older server. */
export const usualRequests = 1024;

/**
 * A service may hold as many bytes as it leaves to all others (the dynamic threshold of Choudhury and Hahne, 1998, with α = 1): one that is
 * flooded ends at half of `totalBytes`, two at a third each, and there is always room for a service that has nothing yet.
 * A body larger than that comes in when it is alone.
 */
export function makeAdmission(totalBytes: number): Admission {
  const loads = new Map<string, ServiceLoad>();
  let used = 0;
  const answered = (held: Held) => {
    held.of.requests -= held.requests;
    held.requests = 0;
  };
  return {
    enter: ({ name, maxConcurrentRequests = usualRequests }) => {
      let of = loads.get(name);
      if (of === undefined) {
        of = { requests: 0, bytes: 0 };
        loads.set(name, of);
      }
      if (of.requests >= maxConcurrentRequests) throw new ModelyardError("queue-full", { service: name });
      of.requests += 1;
      return { of, bytes: 0, requests: 1 };
    },
    hold: (held, bytes) => {
      if (bytes > 0 && used > held.bytes && held.of.bytes + bytes > totalBytes - used)
        throw new ModelyardError("host-full");
      used += bytes;
      held.of.bytes += bytes;
      held.bytes += bytes;
    },
    answered,
    leave: (held) => {
      answered(held);
      used -= held.bytes;
      held.of.bytes -= held.bytes;
    },
  };
}
