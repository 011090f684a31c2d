import { afterAll, beforeAll, expect, test } from "vitest";
import { errorTable } from "../../src/contract/errors.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${server.token}`, ...(init.headers as Record<string, string>) },
  });
const json = { "content-type": "application/json" };

test.each([
  ["malformed JSON", "POST", "/api/v1/models/x/versions", "{", json, 400, "invalid-input"],
  ["a JSON array", "POST", "/api/v1/models/x/versions", "[]", json, 400, "invalid-input"],
  [
    "another media type",
    "POST",
    "/api/v1/models/x/versions",
    "a=b",
    { "content-type": "application/x-www-form-urlencoded" },
    400,
    "invalid-input",
  ],
  ["a missing member", "POST", "/api/v1/models/x/versions", "{}", json, 400, "invalid-input"],
  ["an unknown member", "POST", "/api/v1/tokens", '{"role":"reader","rule":"x"}', json, 400, "invalid-input"],
  ["a wrong type", "GET", "/api/v1/models?pageSize=many", undefined, {}, 400, "invalid-input"],
  [
    "a metric that is null",
    "POST",
    "/api/v1/models/x/versions",
    '{"files":[],"source":"s","metrics":{"auc":null}}',
    json,
    400,
    "invalid-input",
  ],
  ["a number that is true", "PUT", "/api/v1/models/x/aliases/a", '{"version":true}', json, 400, "invalid-input"],
  ["a number that is empty", "GET", "/api/v1/events?after=", undefined, {}, 400, "invalid-input"],
  ["a NUL character", "POST", "/api/v1/models", '{"name":"x","tags":{"a\\u0000b":"c"}}', json, 400, "invalid-input"],
  ["half a surrogate pair", "POST", "/api/v1/models", '{"name":"\\ud800"}', json, 400, "invalid-input"],
  [
    "endless nesting",
    "POST",
    "/api/v1/models",
    `{"name":${"[".repeat(99_999)}${"]".repeat(99_999)}}`,
    json,
    400,
    "invalid-input",
  ],
  ["a path that is not encoded", "GET", "/api/v1/models/%E0%A4%A", undefined, {}, 400, "invalid-input"],
  ["a path without end", "GET", `/api/v1/models/${"x".repeat(9000)}`, undefined, {}, 400, "invalid-input"],
  ["an unknown route", "GET", "/api/v1/nothing", undefined, {}, 404, "route-not-found"],
  ["a wrong method", "PUT", "/api/v1/models", undefined, {}, 405, "method-not-allowed"],
  ["an unknown thing", "GET", "/api/v1/services/nothing", undefined, {}, 404, "service-not-found"],
  ["a name that cannot be", "GET", "/api/v1/services/Not_A_Name", undefined, {}, 400, "invalid-input"],
])("%s is answered with its code, a fix and the request id, never with 5xx", async (_what, method, path, body, headers, status, code) => {
  const answer = await ask(path, {
    method,
    body: body ?? null,
    headers: { ...headers, "x-request-id": "seen-by-client" },
  });
  expect(answer.status).toBe(status);
  const { error } = (await answer.json()) as { error: Record<string, string> };
  expect(error).toMatchObject({ code, requestId: "seen-by-client", docs: `/docs/errors/${code}` });
  expect(error.message?.length).toBeGreaterThan(0);
  expect(error.fix?.length).toBeGreaterThan(0);
  expect(answer.headers.get("x-request-id")).toBe("seen-by-client");
});

test("long work answers with events and ends with its error when it is asked for NDJSON", async () => {
  const answer = await ask("/api/v1/images", {
    method: "POST",
    body: '{"models":["absent"]}',
    headers: { ...json, accept: "application/x-ndjson" },
  });
  expect(answer.status).toBe(200);
  const lines = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ event: "error", error: { code: "model-not-found" } });
});

test("the OpenAPI document describes every route with an example and refers to nothing that is missing", async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(document.openapi).toBe("3.1.0");
  const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  expect(new Set(ids).size).toBe(ids.length);
  const text = JSON.stringify(document);
  for (const [, reference = ""] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = reference
      .split("/")
      .slice(1)
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
    expect(found, reference).toBeDefined();
  }
});

test("the API page and a page for every error code are served without a token, and hold no script", async () => {
  const page = await fetch(`${server.url}/docs`);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  const html = await page.text();
  expect(html).toContain("deploy-service");
  expect(html).not.toContain("<script");
  for (const code of Object.keys(errorTable))
    expect((await fetch(`${server.url}/docs/errors/${code}`)).status, code).toBe(200);
  expect((await fetch(`${server.url}/docs/errors/..%2f..%2fREADME`)).status).toBe(404);
});

test("secrets are neither in the database as text of a token nor in the server's log", async () => {
  const { token } = await server.client.createToken({ role: "reader" });
  const { execFileSync } = await import("node:child_process");
  const found = execFileSync("sh", ["-c", 'grep -rlF -- "$1" "$2" || true', "sh", token, server.home], {
    encoding: "utf8",
  });
  expect(found).toBe("");
});
