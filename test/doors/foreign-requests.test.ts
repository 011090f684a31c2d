import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHosts, refuseForeign } from "../../src/doors/http/foreign-requests.ts";
import { codeOf } from "../refusals.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { MODELYARD_ALLOWED_HOSTS: "models.example.org" } });
});
afterAll(() => server.remove());

/** A request as a browser may be made to send it: fetch itself lets nobody choose the host. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const authorization = `Bearer ${server.token}`;
    const call = request(server.url + path, { method, headers: { authorization, ...headers } }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
    });
    call.once("error", reject);
    call.end();
  });
}

const guarded = [
  "/api/v1/models",
  "/docs",
  "/openapi.json",
  "/version",
  "/nothing",
  "/api/2.0/mlflow/registered-models/search",
];

test.each(guarded)("%s is not answered under a foreign host name, whatever the token", async (path) => {
  for (const host of ["evil.example", "127.0.0.1.evil.example:5080", "localhost.evil.example"]) {
    const { status, text } = await send("GET", path, { host });
    expect([status, text], host).toEqual([403, expect.stringContaining("host name")]);
  }
  const { status } = await send("GET", path, { host: "models.example.org" });
  expect(status).toBe(path === "/nothing" ? 404 : 200);
});

test("probes may ask under any name whether the server runs", async () => {
  for (const path of ["/healthz", "/health"]) expect((await send("GET", path, { host: "10.1.2.3" })).status).toBe(200);
});

test("a change from a page of a foreign site is refused by the API and by the MLflow door; looking is not", async () => {
  for (const path of ["/api/v1/registry/verify", "/api/2.0/mlflow/registered-models/create"]) {
    const { status, text } = await send("POST", path, { origin: "https://evil.example" });
    expect([status, text], path).toEqual([403, expect.stringContaining("https://evil.example")]);
  }
  expect((await send("POST", "/api/v1/registry/verify", { origin: server.url })).status).toBe(200);
  expect((await send("GET", "/api/v1/models", { origin: "https://evil.example" })).status).toBe(200);
});

describe("which names are foreign", () => {
  const refuse = refuseForeign(parseHosts("models.example.org, *.lab.example.org 10.0.0.5,[fd00::1]", "HOSTS"));
  const refusal = (method: string, headers: Record<string, string>) => codeOf(refuse({ method, url: "/", headers }));

  test.each([
    "localhost",
    "LOCALHOST:1",
    "localhost.",
    "a.localhost",
    "127.0.0.1",
    "127.9.9.9:5080",
    "[::1]:5080",
  ])("%s means this machine", async (host) => expect(await refusal("GET", { host })).toBe("no error"));
  test.each([
    "models.example.org:443",
    "Models.Example.Org",
    "a.lab.example.org",
    "a.b.lab.example.org",
    "10.0.0.5",
    "[fd00::1]:80",
  ])("%s is allowed by the list", async (host) => expect(await refusal("GET", { host })).toBe("no error"));
  test.each([
    "",
    "example.org",
    "x.models.example.org",
    "lab.example.org",
    "evillab.example.org",
    "notlocalhost",
    "127.0.0.1.example",
    "127.1.example:80",
    "[::2]",
    "0.0.0.0",
    "a@localhost",
    "evil.example/localhost",
    "evil:localhost",
  ])("%s is foreign", async (host) => expect(await refusal("GET", { host })).toBe("foreign-host"));

  test.each([
    ["http://localhost:5080", "localhost:5080", "no error"],
    ["http://localhost:3000", "localhost:5080", "foreign-origin"],
    ["https://models.example.org", "127.0.0.1:5080", "no error"],
    ["https://models.example.org.evil.example", "127.0.0.1:5080", "foreign-origin"],
    ["null", "127.0.0.1:5080", "foreign-origin"],
    ["", "127.0.0.1:5080", "foreign-origin"],
  ])("a change from %s sent to %s: %s", async (origin, host, code) => {
    expect(await refusal("POST", { origin, host })).toBe(code);
    expect(await refusal("DELETE", { origin, host })).toBe(code);
    expect(await refusal("GET", { origin, host })).toBe("no error");
  });

  test("an entry of the list that is no host is told", () => {
    for (const list of ["https://models.example.org", "models.example.org:443", "a b/c", "*"])
      expect(() => parseHosts(list, "HOSTS"), list).toThrow(/HOSTS: .* is no host name/);
    expect(parseHosts("", "HOSTS")).toEqual([]);
  });
});
