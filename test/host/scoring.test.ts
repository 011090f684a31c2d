import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelyardError } from "../../src/contract/errors.ts";
import { inflate } from "../../src/host/compression.ts";
import {
  ask,
  converse,
  scoringHead,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const script = `
import json, os
def init():
    print("ready to go")
def run(raw_data):
    if raw_data == "raise":
        raise RuntimeError("the secret of the script")
    if raw_data == "environment":
        return dict(os.environ)
    return {"got": raw_data}
`;

const headersScript = `
def init():
    pass
def run(raw_data, request_headers):
    return request_headers
`;

let host: TestHost;
let shopScript: string;

beforeAll(async () => {
  host = await startTestHost();
  const revision = scriptRevision(host.folder, script, { env: { GREETING: "hello" } });
  shopScript = revision.script?.folder ?? "";
  await host.serve(
    service([revision]),
    service([sumsRevision()], { name: "sums" }),
    service([scriptRevision(host.folder, headersScript)], { name: "open", auth: "none" }),
    service([], { name: "empty" }),
  );
});
afterAll(() => host.close());

const errorOf = (reply: { json: () => unknown }) =>
  (reply.json() as { error: { code: string; message: string; fix: string; docs: string; requestId: string } }).error;

describe("scoring", () => {
  it("hands the body to a script as text and passes its answer through", async () => {
    const reply = await host.score('{"a": "ä"}');
    expect(reply.status).toBe(200);
    expect(reply.json()).toEqual({ got: '{"a": "ä"}' });
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(reply.headers["x-ms-run-function-failed"]).toBe("False");
    expect(reply.headers["x-request-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it("answers one item per row for a model without a script", async () => {
    const reply = await host.score('{"data": [[1, 2, 3], [0.5, 0.25, -7]]}', {}, "sums");
    expect([reply.status, reply.json()]).toEqual([200, [6, -6.25]]);
    const none = await host.score('{"data": []}', {}, "sums");
    expect([none.json(), none.headers["x-ms-run-function-failed"]]).toEqual([[], "False"]);
  });

  it("batches concurrent requests and gives everybody their own answer", async () => {
    const replies = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => [
        index,
        (await host.score(`{"data": [[${index}, 0, 1]]}`, {}, "sums")).json(),
      ]),
    );
    for (const [index, answer] of replies) expect(answer).toEqual([(index as number) + 1]);
  });

  it("keeps the request id a client gives and makes one for an unfit one", async () => {
    const given = await host.score("x", { "x-ms-client-request-id": "abc-1" });
    expect([given.headers["x-request-id"], given.headers["x-ms-request-id"]]).toEqual(["abc-1", "abc-1"]);
    const unfit = await host.score("x", { "x-request-id": "no spaces please" });
    expect(unfit.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("gives the worker a clean environment", async () => {
    process.env.A_SECRET_OF_THE_HOST = "yes";
    const environment = (await host.score("environment")).json() as Record<string, string>;
    delete process.env.A_SECRET_OF_THE_HOST;
    expect(environment).toMatchObject({ GREETING: "hello", SERVICE_NAME: "shop", AZUREML_ENTRY_SCRIPT: "score.py" });
    expect(environment).toMatchObject({
      AML_APP_ROOT: shopScript,
      AZUREML_SOURCE_DIRECTORY: shopScript,
      SERVICE_VERSION: "1",
      SERVICE_PATH_PREFIX: "services/shop",
      SCORING_TIMEOUT_MS: "20000",
      AML_APP_INSIGHTS_ENABLED: "false",
    });
    expect(environment.A_SECRET_OF_THE_HOST).toBeUndefined();
    expect(environment.HOME).not.toBe(process.env.HOME);
  });

  it("shows a script that asks for headers all but the key", async () => {
    const reply = await host.score("x", { "x-color": "red", authorization: "Bearer secret" }, "open");
    const headers = reply.json() as Record<string, string>;
    expect(headers["X-Color"]).toBe("red");
    expect(headers["X-Ms-Request-Id"]).toBe(reply.headers["x-request-id"]);
    expect(JSON.stringify(headers)).not.toContain("secret");
    const ids = { "x-ms-client-request-id": "c", "x-request-id": "r" };
    expect((await host.score("1", ids, "open")).json()).toMatchObject({ "X-Ms-Request-Id": "c", "X-Request-Id": "r" });
  });
});

describe("keys", () => {
  it("both let a request in", async () => {
    expect((await host.score("x", { authorization: "bearer the-other-key" })).status).toBe(200);
  });

  it.each([
    { authorization: "" },
    { authorization: "Bearer wrong" },
    { authorization: "Basic abc" },
  ])("that are missing or wrong are refused with 401: %j", async (headers) => {
    const reply = await host.score("x", headers);
    expect([reply.status, errorOf(reply).code]).toEqual([401, "unauthenticated"]);
    expect(reply.headers["www-authenticate"]).toBe("Bearer");
    expect(reply.headers["x-request-id"]).toBe(errorOf(reply).requestId);
  });

  it("are named by the fix, and a token of the server is told as such whether it is valid or not", async () => {
    const fixFor = async (secret: string) => errorOf(await host.score("x", { authorization: secret })).fix;
    const none = await fixFor("");
    expect(none).toContain("`modelyard service keys NAME`");
    expect(none).toContain("`modelyard service token NAME`");
    expect(none).not.toContain("modelyard token create");
    expect(await fixFor("Bearer mk_wrong")).toBe(none);
    const ofServer = await fixFor("Bearer my_whatever");
    expect(ofServer).toContain("what came is a token of the server");
    expect(ofServer).toContain("`modelyard service keys NAME`");
  });

  it("are changed without a restart of the workers", async () => {
    const extra = (keyDigests: string[], maxBodyBytes: number) =>
      service([sumsRevision({ timeoutMs: maxBodyBytes, share: 50 + keyDigests.length })], {
        name: "sums",
        keyDigests,
        maxBodyBytes,
      });
    const others = service([scriptRevision(host.folder, script)]).keyDigests;
    const pidOf = (seen: Awaited<ReturnType<TestHost["want"]>>) =>
      seen.services.find(({ name }) => name === "sums")?.revisions[0]?.replicas[0]?.pid;
    const second = await startTestHost();
    try {
      await second.serve(extra(others, 20_000));
      const before = pidOf(await second.want(extra(others, 20_000)));
      const after = pidOf(await second.want(extra([], 30_000)));
      expect(before).toBeTypeOf("number");
      expect(after).toBe(before);
      expect((await second.score('{"data": []}', {}, "sums")).status).toBe(401);
    } finally {
      await second.close();
    }
  });
});

describe("what is asked wrongly", () => {
  it.each([
    ["POST", "/services/nobody/score", 401, "unauthenticated"],
    ["GET", "/services/nobody/", 404, "service-not-found"],
    ["GET", "/services/shop/other", 404, "route-not-found"],
    ["GET", "/", 404, "route-not-found"],
    ["PUT", "/services/shop/score", 405, "method-not-allowed"],
    ["HEAD", "/services/shop/score", 405, undefined],
    ["DELETE", "/services/shop/", 405, "method-not-allowed"],
  ])("%s %s is %i %s", async (method, path, status, code) => {
    const response = await fetch(host.url + path, { method });
    const text = await response.text();
    const said = text === "" ? undefined : (JSON.parse(text) as { error: { code: string } }).error.code;
    expect([response.status, said]).toEqual([status, code]);
    const allowed = path.endsWith("score") ? "GET, POST, OPTIONS" : "GET, HEAD, OPTIONS";
    if (status === 405) expect(response.headers.get("allow")).toBe(allowed);
  });

  it("rows the model does not take are 400 with the reason", async () => {
    const reply = await host.score('{"data": [[1, 2]]}', {}, "sums");
    expect([reply.status, errorOf(reply).code]).toEqual([400, "rows-invalid"]);
    expect(errorOf(reply).message).toBe("Row 1 has 2 values; the model takes 3");
    const method = await host.score('{"data": [[1, 2, 3]], "method": "predict_proba"}', {}, "sums");
    expect([method.status, errorOf(method).message]).toEqual([400, "this model has no predict_proba"]);
    // with these rows all is well
    expect(errorOf(method).code).toBe("not-supported");
    expect((await host.score("no json", {}, "sums")).status).toBe(400);
  });

  it("a script that raises is 500 without its words, which are in the log under the request id", async () => {
    const reply = await host.score("raise", { "x-request-id": "raised-1" });
    expect([reply.status, errorOf(reply).code]).toEqual([500, "scoring-failed"]);
    expect(errorOf(reply).fix).toContain("`modelyard service logs shop --revision 1 --request-id raised-1`");
    expect(reply.text).not.toContain("secret of the script");
    expect(reply.headers["x-ms-run-function-failed"]).toBe("True");
    const { control } = await import("./host-fixture.ts");
    const read = async () =>
      (
        (await control(host.folder, "GET", "/services/shop/revisions/1/logs?tail=50&requestId=raised-1")).json() as {
          lines: string[];
        }
      ).lines.join("\n");
    await expect.poll(read).toContain("the secret of the script");
    expect(await read()).toContain("Traceback");
    expect(await read()).toContain(shopScript);
    expect(await read()).not.toContain("ready to go");
    expect(await read()).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \[raised-1\] /);
  });
});

describe("a body over the limit", () => {
  it("that announces its size is refused before it is read", async () => {
    const reply = await host.score("x".repeat(100_001));
    expect([reply.status, errorOf(reply).code]).toEqual([413, "body-too-large"]);
    expect((await host.score("x".repeat(100_000))).status).toBe(200);
  });

  const raw = (head: string, write: (send: (text: string) => void) => void) =>
    converse(host.url, scoringHead(head), write);

  it("that comes in chunks is refused while it is read, and the client sees the answer", async () => {
    const chunk = `${(60_000).toString(16)}\r\n${"x".repeat(60_000)}\r\n`;
    const text = await raw("Transfer-Encoding: chunked", (send) => {
      for (let count = 0; count < 50; count += 1) send(chunk);
      send("0\r\n\r\n");
    });
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toMatch(/connection: close/i);
  });

  it("is never asked for when the client waits for 100-continue", async () => {
    const text = await raw("Content-Length: 200000\r\nExpect: 100-continue", () => {});
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    const fits = await raw("Content-Length: 2\r\nConnection: close\r\nExpect: 100-continue", (send) =>
      setTimeout(() => send("hi"), 50),
    );
    expect(fits).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });
});

describe("an error", () => {
  it("names a page that the scoring port has, without a key", async () => {
    const { docs } = errorOf(await host.score("x".repeat(100_001)));
    expect(await host.get(docs)).toMatchObject({ status: 200, text: expect.stringMatching(/^# body-too-large\n/) });
    for (const path of ["/docs/errors/nothing", "/docs/errors/constructor", "/docs/errors/..%2f..%2fREADME", "/docs"])
      expect((await host.get(path)).status, path).toBe(404);
  });

  it("is what a request with two hosts gets, as nobody could say which one it is for", async () => {
    const head = (more: string) => `GET /healthz HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    expect(await converse(host.url, head("Host: b\r\n"))).toMatch(/^HTTP\/1\.1 400 [\s\S]*more than one Host/);
    expect(await converse(host.url, head("host: a\r\nTransfer-Encoding: chunked\r\n"))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await converse(host.url, head("Connection: close\r\n"))).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("what a service says of itself", () => {
  it("is Healthy without a key when it can answer, and 503 when it cannot", async () => {
    expect(await host.get("/services/shop/")).toMatchObject({ status: 200, text: "Healthy" });
    const empty = await host.get("/services/empty/");
    expect([empty.status, errorOf(empty).code]).toEqual([503, "not-running"]);
    expect(empty.headers).not.toHaveProperty("retry-after");
    expect((await host.get("/healthz")).status).toBe(200);
  });

  it("is described in Swagger 2.0 to those who have a key", async () => {
    expect((await host.get("/services/sums/swagger.json")).status).toBe(401);
    const reply = await host.get("/services/sums/swagger.json", { authorization: "Bearer a-key-of-the-tests" });
    expect(reply.json()).toMatchObject({
      swagger: "2.0",
      info: { title: "sums", version: "1" },
      paths: { "/score": { post: { operationId: "RunMLService", security: [{ Bearer: [] }] } } },
      definitions: { ServiceInput: { example: { data: [[1, 2, 3]] } }, ServiceOutput: { type: "array" } },
    });
  });
});

describe("a compressed body", () => {
  const body = '{"data": [[1, 2, 3]]}';

  it.each([
    ["gzip", gzipSync(body)],
    ["GZIP", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["deflate", deflateRawSync(body)],
    ["identity", Buffer.from(body)],
  ])("%s is read as what it was", async (encoding, bytes) => {
    const reply = await host.score(bytes, { "content-encoding": encoding }, "sums");
    expect([reply.status, reply.json()]).toEqual([200, [6]]);
  });

  it("that grows over the limit, is damaged, or has another encoding is refused", async () => {
    const refused = async (bytes: Uint8Array, encoding: string) => {
      const reply = await host.score(bytes, { "content-encoding": encoding }, "sums");
      return [reply.status, errorOf(reply).code];
    };
    expect(await refused(gzipSync(Buffer.alloc(50_000_000)), "gzip")).toEqual([413, "body-too-large"]);
    expect(await refused(gzipSync(body).subarray(0, 20), "gzip")).toEqual([400, "encoding-invalid"]);
    expect(await refused(Buffer.from(body), "deflate")).toEqual([400, "encoding-invalid"]);
    expect(await refused(Buffer.alloc(0), "gzip")).toEqual([400, "encoding-invalid"]);
    expect(await refused(Buffer.from(body), "br")).toEqual([400, "not-supported"]);
  });

  it("takes its place while it grows, and grows no further than there is room", async () => {
    let told = 0;
    const hold = (bytes: number) => {
      told += bytes;
      if (told > 1_000_000) throw new ModelyardError("host-full");
    };
    await expect(inflate(gzipSync(Buffer.alloc(50_000_000)), "gzip", 100_000_000, hold)).rejects.toThrow("no room");
    expect(told).toBeLessThan(1_100_000);
  });
});

describe("the address of Azure ML's first services", () => {
  const authorization = "Bearer a-key-of-the-tests";

  it("scores and describes like the service's own", async () => {
    const old = `${host.url}/api/v1/service/sums/score`;
    const init = { method: "POST", body: '{"data": [[1, 2, 3]]}' };
    expect(await ask(old, { ...init, headers: { authorization } })).toMatchObject({ status: 200, text: "[6.0]" });
    expect((await ask(old, init)).status).toBe(401);
    expect((await ask(`${host.url}/api/v1/service/nobody/score`, init)).status).toBe(401);
    expect((await ask(old, { method: "PUT" })).headers.allow).toBe("GET, POST, OPTIONS");
    const description = await host.get("/api/v1/service/sums/swagger.json", { authorization });
    expect(description.json()).toMatchObject({ basePath: "/api/v1/service/sums", info: { title: "sums" } });
    const own = await host.get("/services/sums/swagger.json", { authorization });
    expect(own.json()).toMatchObject({ basePath: "/services/sums" });
  });
});
