import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pathMembers } from "../../src/contract/openapi.ts";
import { type Role, roleIncludes, roles } from "../../src/contract/operation.ts";
import { operationEntries } from "../../src/contract/operations.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  server = await startServer();
  for (const role of roles) tokens.set(role, (await server.client.createToken({ role, name: `test ${role}` })).token);
});
afterAll(() => server.remove());

function urlOf(path: string): string {
  return `${server.url}/api/v1${path.replace(/\{(\w+)\}/g, "none")}`;
}
const ask = (method: string, path: string, token: string | undefined) =>
  fetch(urlOf(path), { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

describe.each(operationEntries)("%s", (_name, operation) => {
  test("is refused without a token", async () => {
    const answer = await ask(operation.method, operation.path, undefined);
    expect(answer.status).toBe(401);
    const { error } = (await answer.json()) as { error: { code: string; fix: string } };
    expect(error.code).toBe("unauthenticated");
    expect(error.fix).toBe("Send `Authorization: Bearer <token>`; `modelyard token create` makes one.");
  });

  test("is refused to every lesser role and to no other", async () => {
    for (const role of roles) {
      const { status } = await ask(operation.method, operation.path, tokens.get(role));
      if (roleIncludes(role, operation.role)) expect(status, role).not.toBe(403);
      else expect(status, role).toBe(403);
    }
  });

  test("names every member of its path in its input", () => {
    for (const member of pathMembers(operation)) expect(Object.keys(operation.input.shape)).toContain(member);
  });

  test("has an example that its own schemas accept", () => {
    expect(operation.input.safeParse(operation.example.input).error).toBeUndefined();
    expect(operation.output.safeParse(operation.example.output).error).toBeUndefined();
  });
});

test("a revoked token is refused at the next request", async () => {
  const { token, id } = await server.client.createToken({ role: "reader" });
  expect((await ask("GET", "/models", token)).status).toBe(200);
  await server.client.revokeToken({ id });
  expect((await ask("GET", "/models", token)).status).toBe(401);
});

test("a token's text is never listed", async () => {
  const { token } = await server.client.createToken({ role: "reader" });
  expect(JSON.stringify(await server.client.listTokens({ pageSize: 1000 }))).not.toContain(token);
});

test("an expired token is refused", async () => {
  const { token } = await server.client.createToken({ role: "reader", expires: "0h" });
  expect((await ask("GET", "/models", token)).status).toBe(401);
});
