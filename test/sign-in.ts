import type { TestServer } from "./server.ts";

/** The code of a new sign-in link. */
export async function newCode(server: TestServer, token = server.token): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  const { url } = (await answer.json()) as { url: string };
  return url.slice(url.indexOf("#") + 1);
}

/** Signs in as a page of the server does. */
export const signIn = (
  server: TestServer,
  body: object | string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${server.url}/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** The `Cookie` header a browser sends after that answer. */
export const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");

/** A cookie of a session with a token of this role. */
export async function sessionAs(server: TestServer, role: "reader" | "contributor" | "admin"): Promise<string> {
  const { token } = await server.client.createToken({ role, name: `${role} at a browser` });
  return cookieOf(await signIn(server, { token }));
}
