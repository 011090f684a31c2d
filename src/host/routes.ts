import type { IncomingMessage } from "node:http";
import { ModelyardError } from "../contract/errors.ts";

/** A request's method and path, as far as routing needs them. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
}

export function askedOf(request: IncomingMessage): Asked {
  const [path = "/", query] = (request.url ?? "/").split("?", 2);
  return { method: request.method ?? "GET", path, query: new URLSearchParams(query) };
}

/** Error: method-not-allowed, when the method is none of those the path takes. */
export function allow({ method, path }: Asked, ...allowed: string[]): void {
  if (!allowed.includes(method)) throw new ModelyardError("method-not-allowed", { method, path, allowed });
}

export function routeNotFound({ method, path }: Asked): ModelyardError {
  return new ModelyardError("route-not-found", { method, path: path.slice(0, 200) });
}
