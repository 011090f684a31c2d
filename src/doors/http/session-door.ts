import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { ModelyardError } from "../../contract/errors.ts";
import { sessionCookies, sessionSecretOf } from "../../contract/session-cookie.ts";
import { hostOf, isNamed } from "./foreign-requests.ts";
import { isOwnOrigin, refuseForeignPage } from "./own-page.ts";
import type { HttpPorts } from "./ports.ts";

const signInSchema = z.union([
  z.strictObject({ code: z.string().max(200) }),
  z.strictObject({ token: z.string().max(200) }),
]);

/** Bytes of a sign-in. */
const bodyLimit = 4096;

/** `POST /session` opens a session and sets its cookie, `DELETE /session` ends it. Cookies have no place in the contract, so this is no operation. */
export function addSessionDoor(app: FastifyInstance, ports: Pick<HttpPorts, "sessions" | "allowedHosts">): void {
  const { sessions, allowedHosts } = ports;
  app.post("/session", { bodyLimit }, async (request, reply) => {
    const { origin, cookie } = request.headers;
    // a page of somebody else must not sign a browser in as somebody else either
    if (origin !== undefined && !isOwnOrigin(origin, request.headers, allowedHosts))
      throw new ModelyardError("foreign-page", { from: `from ${origin}` });
    const signIn = signInSchema.safeParse(request.body);
    if (!signIn.success)
      throw new ModelyardError("invalid-input", { problems: 'the body is not {"code": …} or {"token": …} in JSON' });
    const { secret, lifeMs } = await sessions.open(signIn.data);
    const before = sessionSecretOf(cookie);
    if (before !== undefined) await sessions.end(before);
    setCookie(request, reply, allowedHosts, secret, lifeMs / 1000);
    return reply.code(204).send();
  });
  app.delete("/session", async (request, reply) => {
    const secret = sessionSecretOf(request.headers.cookie);
    if (secret !== undefined) {
      refuseForeignPage(request, allowedHosts);
      await sessions.end(secret);
    }
    setCookie(request, reply, allowedHosts, "", 0);
    return reply.code(204).send();
  });
}

/** The cookie lives as long as a session can; when it ends is the server's word. */
function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: readonly string[],
  secret: string,
  seconds: number,
): void {
  const [hostCookie, plainCookie] = sessionCookies;
  const attributes = `HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}`;
  const secure = isHttps(request, allowed);
  if (secure) reply.header("set-cookie", `${hostCookie}=${secret}; ${attributes}; Secure`);
  if (!secure || secret === "") reply.header("set-cookie", `${plainCookie}=${secret}; ${attributes}`);
}

/** Whether the browser speaks https: its Origin says so, or the proxy of an allowed host. */
function isHttps({ headers }: FastifyRequest, allowed: readonly string[]): boolean {
  if (headers.origin?.startsWith("https://")) return true;
  const [proto] = [headers["x-forwarded-proto"]].flat();
  const host = hostOf([headers["x-forwarded-host"]].flat()[0] ?? headers.host);
  return proto === "https" && host !== undefined && isNamed(allowed, host);
}
