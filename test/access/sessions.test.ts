import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../server.ts";
import { cookieOf, newCode, sessionAs, signIn } from "../sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { MODELYARD_ALLOWED_HOSTS: "models.example.org" } });
});
afterAll(() => server.remove());

/** A request of a page: with the cookie, and what browsers tell of where it comes from. */
const ask = (method: string, path: string, cookie: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${server.url}${path}`, { method, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) });
const codeIn = async (answer: Response) =>
  [answer.status, ((await answer.json()) as { error: { code: string } }).error.code] as const;
const json = { "content-type": "application/json" };
const sessionOf = (cookie: string) => ask("GET", "/api/v1/session", cookie);

describe("signing in", () => {
  test("a link signs in as who made it", async () => {
    const answer = await signIn(server, { code: await newCode(server) });
    expect(answer.status).toBe(204);
    expect(await (await sessionOf(cookieOf(answer))).json()).toMatchObject({
      ...{ name: "admin", role: "admin", kind: "session", expiresAt: expect.any(Number) },
    });
  });

  test("a link works once", async () => {
    const code = await newCode(server);
    expect((await signIn(server, { code })).status).toBe(204);
    expect(await codeIn(await signIn(server, { code }))).toEqual([401, "sign-in-link-used"]);
  });

  test("of twenty that use a link at once exactly one is let in", async () => {
    const code = await newCode(server);
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(server, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(401)]);
  });

  test("a link does not outlive the token that made it", async () => {
    const { id, token } = await server.client.createToken({ role: "reader" });
    const code = await newCode(server, token);
    await server.client.revokeToken({ id });
    expect(await codeIn(await signIn(server, { code }))).toEqual([401, "sign-in-link-used"]);
  });

  test("a session may make a link for another browser", async () => {
    const cookie = await sessionAs(server, "reader");
    const headers = { ...json, origin: server.url };
    const link = await ask("POST", "/api/v1/sign-in-links", cookie, headers, '{"to":"/monitor?service=a b"}');
    expect(link.status).toBe(400);
    const answer = await ask("POST", "/api/v1/sign-in-links", cookie, headers, '{"to":"/monitor"}');
    const { url } = (await answer.json()) as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#myl_[\w-]{43}&to=\/monitor$/);
  });

  test.each([
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "monitor",
    "/a\nb",
  ])("a link never leads to %s", async (to) => {
    await expect(server.client.createSignInLink({ to })).rejects.toMatchObject({ code: "invalid-input" });
  });

  test("a token signs in with its own role", async () => {
    const cookie = await sessionAs(server, "reader");
    expect(await (await sessionOf(cookie)).json()).toMatchObject({ name: "reader at a browser", role: "reader" });
  });

  test.each([
    ["a wrong token", { token: "my_wrong" }, 401, "unauthenticated"],
    ["a wrong code", { code: "myl_wrong" }, 401, "sign-in-link-used"],
    ["nothing", {}, 400, "invalid-input"],
    ["both", { code: "a", token: "b" }, 400, "invalid-input"],
    ["no JSON", "code=a", 400, "invalid-input"],
    ["a number", { token: 5 }, 400, "invalid-input"],
    ["a long text", { token: "x".repeat(9000) }, 413, "body-too-large"],
  ])("%s is refused", async (_, body, status, code) => {
    const answer = await signIn(server, body);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await codeIn(answer)).toEqual([status, code]);
  });

  test("a page of somebody else signs nobody in", async () => {
    for (const origin of ["http://evil.example", "http://127.0.0.1:1", "null"])
      expect((await signIn(server, { code: await newCode(server) }, { origin })).status, origin).toBe(403);
  });

  test("signing in again ends the session before", async () => {
    const cookie = await sessionAs(server, "reader");
    await signIn(server, { code: await newCode(server) }, { cookie });
    expect((await sessionOf(cookie)).status).toBe(401);
  });
});

describe("the cookie", () => {
  test("is for this host, for no script and for no other site", async () => {
    const [line] = (await signIn(server, { code: await newCode(server) })).headers.getSetCookie();
    expect(line).toMatch(/^modelyard_session=mys_[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=604800$/);
  });

  test("is a secure one behind https", async () => {
    const answer = await signIn(
      server,
      { code: await newCode(server) },
      { origin: "https://models.example.org", "x-forwarded-proto": "https", "x-forwarded-host": "models.example.org" },
    );
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-modelyard_session=.*; HttpOnly; SameSite=Strict; Path=\/; .*; Secure$/),
    ]);
    expect((await sessionOf(cookieOf(answer))).status).toBe(200);
  });

  test("opens nothing of MLflow, of metrics and of collected events", async () => {
    const cookie = await sessionAs(server, "admin");
    const headers = { origin: server.url, ...json };
    for (const [method, path] of [
      ["GET", "/api/2.0/mlflow/registered-models/search"],
      ["GET", "/metrics"],
      ["POST", "/cloudevents"],
    ] as const)
      expect((await ask(method, path, cookie, method === "GET" ? {} : headers)).status, path).toBe(401);
  });

  test("counts for nothing beside a token", async () => {
    const cookie = await sessionAs(server, "admin");
    expect((await ask("GET", "/api/v1/session", cookie, { authorization: "Bearer my_wrong" })).status).toBe(401);
  });
});

describe("a change with the cookie", () => {
  let cookie: string;
  beforeAll(async () => {
    cookie = await sessionAs(server, "admin");
  });
  const change = (headers: Record<string, string>) =>
    ask("POST", "/api/v1/models", cookie, { ...json, ...headers }, JSON.stringify({ name: `m-${Math.random()}` }));

  test.each([
    ["of a page of the server", {}, 200],
    ["of a page of the server, as a browser tells", { "sec-fetch-site": "same-origin" }, 200],
    ["of another port, whatever the Origin", { "sec-fetch-site": "same-site" }, 403],
    ["of another site, whatever the Origin", { "sec-fetch-site": "cross-site" }, 403],
    ["of an address behind a proxy", { origin: "https://models.example.org" }, 200],
    ["of another port of that address", { origin: "https://models.example.org:8443" }, 403],
    ["of another scheme's page", { origin: "null" }, 403],
    ["of another site", { origin: "http://evil.example" }, 403],
    ["of another port", { origin: "http://127.0.0.1:1" }, 403],
    ["of another name of this machine", { origin: "http://localhost:1" }, 403],
  ])("%s", async (_, headers, status) => {
    expect((await change({ origin: server.url, ...headers })).status).toBe(status);
  });

  test("without an Origin is refused", async () => {
    expect(await codeIn(await change({}))).toEqual([403, "foreign-page"]);
    expect((await ask("DELETE", "/session", cookie)).status).toBe(403);
  });

  test.each([
    ["same-origin", 200],
    ["none", 200],
    ["same-site", 403],
    ["cross-site", 403],
  ])("reading as %s", async (site, status) => {
    expect((await ask("GET", "/api/v1/models", cookie, { "sec-fetch-site": site })).status).toBe(status);
  });

  test("takes the role", async () => {
    const reader = await sessionAs(server, "reader");
    await server.client.createModel({ name: "kept" });
    const headers = { origin: server.url };
    expect(await codeIn(await ask("DELETE", "/api/v1/models/kept", reader, headers))).toEqual([403, "forbidden"]);
    expect((await ask("GET", "/api/v1/models/kept/history", reader)).status).toBe(200);
  });
});

describe("a session ends", () => {
  test("when its owner signs out, at the server too", async () => {
    const cookie = await sessionAs(server, "reader");
    const answer = await ask("DELETE", "/session", cookie, { origin: server.url });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([
      204,
      [expect.stringMatching(/^modelyard_session=; .*Max-Age=0$/)],
    ]);
    expect((await sessionOf(cookie)).status).toBe(401);
    expect((await ask("DELETE", "/session", cookie, { origin: server.url })).status).toBe(204);
  });

  test("when its token is revoked, and lives through a restart until then", async () => {
    const { id, token } = await server.client.createToken({ role: "reader" });
    const cookie = cookieOf(await signIn(server, { token }));
    server = await server.restart();
    expect((await sessionOf(cookie)).status).toBe(200);
    await server.client.revokeToken({ id });
    expect((await sessionOf(cookie)).status).toBe(401);
  });
});
