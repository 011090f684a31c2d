import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addCspReports } from "../../src/doors/http/csp-reports.ts";
import { addWebPages } from "../../src/doors/http/web-pages.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { startServer, type TestServer } from "../server.ts";

const html = '<!doctype html><meta name="n" content="{{nonce}}"><style nonce="{{nonce}}"></style>';
const script = "export {};".repeat(200);

let folder: string;
let app: FastifyInstance;
let url: string;
const lines: unknown[] = [];
let now = 0;
beforeAll(async () => {
  const above = await mkdtemp(join(tmpdir(), "modelyard-web-"));
  folder = join(above, "web");
  await mkdir(join(folder, "assets", "fonts"), { recursive: true });
  await writeFile(join(above, "secret.js"), "secret");
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(folder, "icon.svg"), "<svg/>");
  const js = join(folder, "assets", "app-1a2b.js");
  await writeFile(js, script);
  await writeFile(`${js}.br`, brotliCompressSync(script));
  await writeFile(`${js}.gz`, gzipSync(script));
  await writeFile(join(folder, "assets", "app-1a2b.css"), "a{}");
  await writeFile(join(folder, "assets", "app-1a2b.map"), "{}");
  await writeFile(join(folder, "assets", ".hidden.js"), "hidden");
  await writeFile(join(folder, "assets", "fonts", "a.woff2"), "font");
  app = Fastify();
  addWebPages(app, { folder });
  addCspReports(app, { log: { ...silentLog, warn: (fields) => void lines.push(fields) }, clock: { now: () => now } });
  await app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  await rm(join(folder, ".."), { recursive: true });
});

/** A path as it is given: fetch resolves `..` by itself. */
const raw = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const call = request(url, { path, headers, agent: false }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
    });
    call.once("error", reject).end();
  });

describe("a page", () => {
  test.each([
    "/",
    "/sign-in",
    "/register",
    "/register/models/a%2Fb",
    "/use/digits",
    "/monitor",
    "/update/x/y",
    "/settings",
  ])("at %s is the one document, under a policy that lets in nothing foreign", async (path) => {
    const answer = await fetch(url + path);
    const policy = answer.headers.get("content-security-policy") ?? "";
    const [, nonce = ""] = /'nonce-([\w-]{22})'/.exec(policy) ?? [];
    expect(await answer.text()).toBe(html.replaceAll("{{nonce}}", nonce));
    expect(policy).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp-reports`,
    );
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
    });
  });

  test("has a nonce of its own each time", async () => {
    const pages = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).text()));
    expect(new Set(pages).size).toBe(20);
  });

  test("is not there under other paths", async () => {
    expect((await fetch(`${url}/registers`)).status).toBe(404);
  });
});

describe("an asset", () => {
  test.each([
    ["br, gzip", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip;q=0.5", "gzip"],
    ["identity", undefined],
  ])("for who takes %s comes as %s", async (accepted, encoding) => {
    const answer = await raw("/assets/app-1a2b.js", { "accept-encoding": accepted });
    expect(answer.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    expect(await (await fetch(`${url}/assets/app-1a2b.js`, { headers: { "accept-encoding": accepted } })).text()).toBe(
      script,
    );
  });

  test("that was not compressed comes as it is", async () => {
    const answer = await raw("/assets/app-1a2b.css", { "accept-encoding": "br" });
    expect([answer.status, answer.body.toString(), answer.headers["content-encoding"]]).toEqual([
      200,
      "a{}",
      undefined,
    ]);
    expect((await raw("/assets/fonts/a.woff2")).headers["content-type"]).toBe("font/woff2");
    expect((await raw("/icon.svg")).headers["content-type"]).toBe("image/svg+xml");
  });

  test.each([
    "/assets/../secret.js",
    "/assets/../../secret.js",
    "/assets/..%2f..%2fsecret.js",
    "/assets/%2e%2e/%2e%2e/secret.js",
    "/assets/..%5csecret.js",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd.js",
    "/assets/.hidden.js",
    "/assets/fonts/../.hidden.js",
    "/assets/app-1a2b.js%00.css",
    "/assets/app-1a2b.js.br",
    "/assets/app-1a2b.map",
    "/assets/fonts",
    "/assets/",
    "/assets/missing.js",
  ])("is none at %s", async (path) => {
    expect((await raw(path)).status).toBe(404);
  });
});

describe("a report of a policy", () => {
  const report = (body: string) => fetch(`${url}/csp-reports`, { method: "POST", body });
  test("becomes a short line of the log, twenty a minute", async () => {
    const told = { "csp-report": { "violated-directive": "script-src", "blocked-uri": "x".repeat(5000), other: "y" } };
    for (let count = 0; count < 30; count += 1) expect((await report(JSON.stringify(told))).status).toBe(204);
    expect(lines).toHaveLength(20);
    expect(lines[0]).toEqual({ "violated-directive": "script-src", "blocked-uri": "x".repeat(300) });
    now = 60_000;
    for (const body of ["{", "null", "[]", '{"csp-report":null}']) expect((await report(body)).status).toBe(204);
    expect(lines.slice(20)).toEqual(Array(4).fill({ report: "unreadable" }));
  });

  test("of more than 16 KiB is refused", async () => {
    expect((await report("x".repeat(20_000))).status).toBe(413);
  });
});

describe("the server", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.remove());

  test("takes reports of its own pages, which come with the Origin null", async () => {
    const init = { method: "POST", headers: { origin: "null", "content-type": "application/csp-report" }, body: "{}" };
    expect((await fetch(`${server.url}/csp-reports`, init)).status).toBe(204);
  });

  test("lets no page of another origin use what it answers", async () => {
    for (const path of ["/", "/docs", "/docs/errors/internal", "/openapi.json", "/api/v1/session"])
      expect((await fetch(server.url + path)).headers.get("cross-origin-resource-policy"), path).toBe("same-origin");
  });

  test("answers a page that is not there in words", async () => {
    const answer = await fetch(`${server.url}/assets/nothing.js`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "route-not-found" } }]);
  });

  test("has a policy on every page", async () => {
    for (const path of ["/", "/docs", "/docs/errors/internal"])
      expect((await fetch(server.url + path)).headers.get("content-security-policy"), path).toContain(
        "default-src 'none'",
      );
  });
});
