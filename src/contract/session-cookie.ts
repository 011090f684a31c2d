/**
 * The cookie of a session, first the name it has behind https: browsers take `__Host-` only with Secure, for exactly one host
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-4.1.3.2).
 */
export const sessionCookies = ["__Host-modelyard_session", "modelyard_session"] as const;

const nameOf = (pair: string): string => pair.split("=", 1)[0]?.trim() ?? "";

/** The secret of a session in a `Cookie` header. */
export function sessionSecretOf(cookie: string | undefined): string | undefined {
  const pairs = (cookie ?? "").split(";");
  for (const name of sessionCookies) {
    const pair = pairs.find((one) => nameOf(one) === name);
    if (pair !== undefined) return pair.slice(pair.indexOf("=") + 1).trim();
  }
  return undefined;
}

/** Takes the session out of headers that go on to somebody else: browsers send cookies to all ports of a host (RFC 6265 §8.5). */
export function removeSession(headers: { cookie?: unknown }): void {
  if (headers.cookie === undefined) return;
  const pairs = String(headers.cookie).split(";");
  const rest = pairs.filter((pair) => !(sessionCookies as readonly string[]).includes(nameOf(pair)));
  if (rest.length === 0) delete headers.cookie;
  else headers.cookie = rest.join(";").trim();
}
