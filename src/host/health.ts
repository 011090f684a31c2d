import type { Answer } from "./answer.ts";
import { requireReplica, type Service } from "./service-table.ts";

/** `Healthy` when a revision with traffic is ready. Errors: not-running, no-replica. Tells nothing else, so it needs no key. */
export function healthAnswer(service: Service): Answer {
  requireReplica(service);
  return { status: 200, body: Buffer.from("Healthy"), headers: { "content-type": "text/html; charset=utf-8" } };
}

/** The addresses at which a load balancer asks whether to send requests here, of every language. */
export const isHealthPath = (path: string): boolean =>
  /^\/healthz$|^\/(services|api\/v1\/service)\/[^/]+\/(ping|health)?$|\/v2\/(health|models\/[^/]+(\/versions\/[^/]+)?)\/ready$/.test(
    path,
  );
