import { ModelyardError } from "../contract/errors.ts";
import type { HttpRequest } from "./http/http-request.ts";

/** A request's method and path, as far as routing needs them. */
export interface Asked {
  method: string;
  path: string;
  /** What stands behind the question mark. */
  search: string;
}

export function askedOf({ method, url }: Pick<HttpRequest, "method" | "url">): Asked {
  const mark = url.indexOf("?");
  return mark === -1
    ? { method, path: url, search: "" }
    : { method, path: url.slice(0, mark), search: url.slice(mark + 1) };
}

/** Error: method-not-allowed, when the method is none of those the path takes. */
export function allow({ method, path }: Asked, ...allowed: string[]): void {
  if (!allowed.includes(method)) throw new ModelyardError("method-not-allowed", { method, path, allowed });
}

export function routeNotFound({ method, path }: Asked): ModelyardError {
  return new ModelyardError("route-not-found", { method, path: path.slice(0, 200) });
}

export const queryOf = ({ search }: Asked): URLSearchParams => new URLSearchParams(search);
