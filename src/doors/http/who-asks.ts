import type { FastifyRequest } from "fastify";
import type { Operation } from "../../contract/operation.ts";
import type { Actor } from "../../contract/operations.ts";
import { sessionSecretOf } from "../../contract/session-cookie.ts";
import { refuseForeignPage } from "./own-page.ts";
import type { HttpPorts } from "./ports.ts";

/** Who sent a request: by its Authorization header, or where there is none by the session of a browser. Errors: unauthenticated, forbidden, foreign-page. */
export async function whoAsks(
  { admit, sessions, allowedHosts }: Pick<HttpPorts, "admit" | "sessions" | "allowedHosts">,
  request: Pick<FastifyRequest, "method" | "headers">,
  operation: Pick<Operation, "id" | "role">,
): Promise<Actor> {
  const { authorization, cookie } = request.headers;
  const secret = authorization === undefined ? sessionSecretOf(cookie) : undefined;
  if (secret === undefined) return admit(authorization, operation);
  refuseForeignPage(request, allowedHosts);
  return sessions.admit(secret, operation);
}
