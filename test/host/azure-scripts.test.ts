import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ask,
  key,
  recordsOf,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const echo = `
import json
def init():
    pass
def run(raw_data):
    if raw_data == "raise":
        raise RuntimeError("of the script")
    return raw_data
`;
const raw = `
from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
def init():
    pass
@rawhttp
def run(request):
    assert isinstance(request, AMLRequest)
    if request.method == "OPTIONS":
        return AMLResponse("", 204, {"Allow": "GET"})
    if request.args.get("answer") == "odd":
        return AMLResponse("teapot", 418, {"Content-Type": "text/plain", "X-Two": "a, b", "X-Request-Id": "mine", "Bad Name": "x"})
    if request.args.get("answer") == "failed":
        return AMLResponse({"why": "disk"}, 503, json_str=True)
    if request.args.get("answer") == "none":
        return AMLResponse(None, 200)
    return {
        "method": request.method, "path": request.path, "query": request.full_path, "args": request.args.to_dict(flat=False),
        "type": request.content_type, "form": request.form.to_dict(), "key": request.headers.get("authorization"),
        "cookies": dict(request.cookies),
        "files": {name: [file.filename, len(file.read())] for name, file in request.files.items()},
        "data": len(request.get_data()), "url": request.url,
    }
`;
const batch = `
import json, threading
sizes = []
def init():
    pass
def run_batch(texts):
    sizes.append(len(texts))
    if texts[0] == "wait":
        import time
        time.sleep(1)
    if "short" in texts:
        return []
    return [sorted(sizes)[-1] if text == "largest" else json.loads(text) for text in texts]
`;

let host: TestHost;
const authorization = `Bearer ${key}`;
beforeAll(async () => {
  host = await startTestHost();
  await host.serve(
    service([scriptRevision(host.folder, echo, { timeoutMs: 20_000 })]),
    service([scriptRevision(host.folder, raw)], { name: "raw" }),
    service([scriptRevision(host.folder, batch)], { name: "batch" }),
    service([sumsRevision()], { name: "sums", corsOrigins: ["https://a.example"] }),
    service([scriptRevision(host.folder, echo)], {
      name: "open",
      corsOrigins: ["https://a.example", "https://b.example"],
    }),
  );
});
afterAll(() => host.close());

const at = (name: string, query = "", init: RequestInit = {}) =>
  ask(`${host.url}/services/${name}/score${query}`, { ...init, headers: { authorization, ...init.headers } });

describe("an undecorated script", () => {
  it("gets the query of a GET as a JSON object, with values that are JSON as they are", async () => {
    const reply = await at("shop", "?a=1.0&b=[1,2]&c=x&c=2&d=null&e=%22q%22");
    expect(reply.json()).toBe('{"a": 1.0, "b": [1,2], "c": ["x", 2], "d": null, "e": "q"}');
    expect((await at("sums", "?data=[[1,2,3]]")).text).toBe("[6.0]");
  });

  it("keeps the query of a GET as the body of the record", async () => {
    await at("shop", "?kept=1", { headers: { "x-request-id": "kept-1" } });
    const record = (await recordsOf(host)).find(({ head }) => head.id === "kept-1");
    expect(record?.body.toString()).toBe('{"kept": 1}');
  });

  it("gets the body that curl sends as a form", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await host.score('{"a": 1}', form)).json()).toBe('{"a": 1}');
  });

  it("answers OPTIONS with an empty page, without a key", async () => {
    const reply = await ask(`${host.url}/services/shop/score`, { method: "OPTIONS" });
    expect([reply.status, reply.text, reply.headers["content-type"]]).toEqual([200, "", "text/html; charset=utf-8"]);
  });

  it("that raises is answered in Azure ML's words beside Modelyard's", async () => {
    const reply = await host.score("raise");
    expect(reply.status).toBe(500);
    expect(reply.json()).toMatchObject({
      message: "An unexpected error occurred in scoring script. Check the logs for more info.",
      error: { code: "scoring-failed" },
    });
    expect(reply.headers["x-ms-run-function-failed"]).toBe("True");
  });

  it("says how long run() took, with three decimals", async () => {
    expect((await host.score("1")).headers["x-ms-run-fn-exec-ms"]).toMatch(/^\d+\.\d{3}$/);
  });
});

describe("the ids of a request", () => {
  it("come back as Azure ML's server gives them", async () => {
    const given = { "x-request-id": "r", "x-ms-request-id": "m", "x-ms-client-request-id": "c", traceid: "t" };
    const { headers } = await host.score("1", given);
    expect(headers).toMatchObject(given);
    expect((await host.score("1", { "x-ms-request-id": "m" })).headers).toMatchObject({
      "x-ms-request-id": "m",
      "x-ms-client-request-id": "m",
    });
    const two = { "x-request-id": "r", "x-ms-client-request-id": "c" };
    expect((await host.score("1", two)).headers).toMatchObject({ ...two, "x-ms-request-id": "c" });
    const none = (await host.score("1")).headers;
    expect(none["x-ms-request-id"]).toBe(none["x-request-id"]);
    expect(none["x-ms-client-request-id"]).toBeUndefined();
  });

  it.each([
    "x-request-id",
    "x-ms-request-id",
    "x-ms-client-request-id",
  ])("over 100 characters are refused: %s", async (name) => {
    expect((await host.score("1", { [name]: "x".repeat(100) })).status).toBe(200);
    const reply = await host.score("1", { [name]: "x".repeat(101), traceid: "t" });
    expect([reply.status, reply.headers.traceid]).toEqual([431, "t"]);
    expect(reply.json()).toMatchObject({ message: `${name} must not exceed 100 characters` });
  });
});

describe("pages of another origin", () => {
  it("are told that they may read the answers of a service that lists them, errors too", async () => {
    const origin = { origin: "https://b.example" };
    const reply = await host.score("1", origin, "open");
    expect(reply.headers).toMatchObject({ "access-control-allow-origin": "https://b.example", vary: "Origin" });
    const unknown = await host.score("1", { origin: "https://c.example" }, "open");
    expect([unknown.status, unknown.headers["access-control-allow-origin"]]).toEqual([200, undefined]);
    const refused = await host.score("1", { ...origin, authorization: "" }, "open");
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([401, "https://b.example"]);
    expect((await host.score("1", origin)).headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("with one origin listed it is named to everybody, as by Azure ML", async () => {
    const reply = await at("sums", "?data=[[1,2,3]]");
    expect(reply.headers["access-control-allow-origin"]).toBe("https://a.example");
  });

  it("may ask first, without a key", async () => {
    const headers = {
      origin: "https://a.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    };
    const reply = await preflight(`${host.url}/services/open/score`, headers);
    expect(reply).toMatchObject({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization",
    });
  });
});

/** fetch() does not let a program set the headers of a preflight request. */
function preflight(url: string, headers: Record<string, string>): Promise<object> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "OPTIONS", headers }, (response) => {
      response.resume();
      resolve(response.headers);
    });
    call.on("error", reject).end();
  });
}

describe("a script with @rawhttp", () => {
  it("gets method, path, query, headers and form of the request, and never the key", async () => {
    const form = new FormData();
    form.set("a", "é");
    form.set("picture", new Blob([new Uint8Array([0, 13, 10, 255, 45, 45])]), "p.png");
    const reply = await at("raw", "?x=1&x=2", { method: "POST", body: form });
    expect(reply.json()).toMatchObject({
      method: "POST",
      path: "/score",
      query: "/score?x=1&x=2",
      args: { x: ["1", "2"] },
      form: { a: "é" },
      files: { picture: ["p.png", 6] },
      key: null,
    });
    expect((await at("raw", "?x=1")).json()).toMatchObject({ method: "GET", data: 0 });
    const bytes = await at("raw", "", { method: "POST", body: new Uint8Array([255, 254, 0]) });
    expect(bytes.json()).toMatchObject({ data: 3 });
  });

  it("never gets the session that a browser sends to every port of a name", async () => {
    const both = "a=1; modelyard_session=mys_secret; b=2; __Host-modelyard_session=mys_secret";
    expect((await at("raw", "", { headers: { cookie: both } })).json()).toMatchObject({ cookies: { a: "1", b: "2" } });
    const alone = await at("raw", "", { headers: { cookie: "modelyard_session=mys_secret" } });
    expect(alone.json()).toMatchObject({ cookies: {} });
  });

  it("answers with its own status and headers, and a comma makes several headers", async () => {
    const reply = await at("raw", "?answer=odd");
    expect([reply.status, reply.text, reply.headers["content-type"]]).toEqual([418, "teapot", "text/plain"]);
    expect([reply.headers["x-two"], reply.headers["x-ms-run-function-failed"]]).toEqual(["a, b", "False"]);
    expect(reply.headers["x-request-id"]).not.toBe("mine");
    const failed = await at("raw", "?answer=failed");
    expect([failed.status, failed.json(), failed.headers["x-ms-run-function-failed"]]).toEqual([
      503,
      { why: "disk" },
      "True",
    ]);
    expect((await at("raw", "?answer=none")).json()).toEqual({});
  });

  it("answers a browser's preflight itself where no origin is listed and no key is asked for", async () => {
    const own = `${raw.replace('{"Allow": "GET"}', '{"Access-Control-Allow-Origin": "https://own.example"}')}`;
    const other = await startTestHost();
    try {
      await other.serve(service([scriptRevision(other.folder, own)], { auth: "none" }));
      const headers = { origin: "https://own.example", "access-control-request-method": "POST" };
      const reply = await preflight(`${other.url}/services/shop/score`, headers);
      expect(reply).toMatchObject({ "access-control-allow-origin": "https://own.example" });
    } finally {
      await other.close();
    }
  });

  it("answers OPTIONS itself, to those who have a key", async () => {
    expect((await at("raw", "", { method: "OPTIONS" })).headers.allow).toBe("GET");
    expect((await ask(`${host.url}/services/raw/score`, { method: "OPTIONS" })).status).toBe(401);
  });
});

describe("a script with run_batch", () => {
  it("is called once for all that wait, and everybody gets their own answer", async () => {
    const first = host.score("wait", {}, "batch");
    const others = Array.from({ length: 20 }, (_, index) => host.score(String(index), {}, "batch"));
    expect((await Promise.all(others)).map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index}`),
    );
    expect((await first).status).toBe(500);
    expect(Number((await host.score("largest", {}, "batch")).text)).toBeGreaterThan(10);
  });

  it("that answers a list of another length fails the requests of the list, with a line in the log", async () => {
    const reply = await host.score("short", { "x-request-id": "short-1" }, "batch");
    expect(reply.status).toBe(500);
    const { control } = await import("./host-fixture.ts");
    const log = () => control(host.folder, "GET", "/services/batch/revisions/1/logs?tail=50&requestId=short-1");
    await expect.poll(async () => (await log()).text).toContain("run_batch() answered 0 items for 1 inputs");
  });
});

describe("what a service says of itself", () => {
  it("is Swagger 2.0, or OpenAPI 3.0.3 or 3.1.0 when that is asked for", async () => {
    const version = async (query: string) =>
      (await host.get(`/services/sums/swagger.json${query}`, { authorization })).json() as Record<string, unknown>;
    expect(await version("")).toMatchObject({ swagger: "2.0", definitions: { ServiceInput: { type: "object" } } });
    expect(await version("?version=2")).toMatchObject({ swagger: "2.0" });
    expect(await version("?version=3")).toMatchObject({
      openapi: "3.0.3",
      components: { schemas: { ServiceInput: {} } },
    });
    expect(await version("?version=3.1")).toMatchObject({ openapi: "3.1.0" });
    const other = await host.get("/services/sums/swagger.json?version=9", { authorization });
    expect([other.status, other.json()]).toMatchObject([
      404,
      { message: "Swagger version [9] is not valid. Supported versions: [2, 3, 3.1]." },
    ]);
  });
});
