import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WantedRevision, WantedUpstream } from "../../src/contract/host.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";
import { freePort } from "../free-port.ts";
import {
  ask,
  key,
  recordsOf,
  revisionIn,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";
import { type Answer, send } from "./send.ts";

const program = join(import.meta.dirname, "fixtures/upstream.mjs");
const authorization = `Bearer ${key}`;

function httpRevision(upstream: Partial<WantedUpstream>, more: Partial<WantedRevision> = {}): WantedRevision {
  return sumsRevision({
    ...{ image: `image-http-${more.number ?? 1}`, python: null, models: [], signature: { input: { kind: "text" } } },
    ...{ sample: null, upstream: { health: "/health", score: "/sum", ...upstream } },
    ...more,
  });
}
const started = (mode = "", more: Partial<WantedRevision> = {}) =>
  httpRevision({ command: [process.execPath, program, "{port}", ...(mode === "" ? [] : [mode])] }, more);

let host: TestHost;
let server: ChildProcess;
let address: string;
const failures: { requestId?: string; service?: string; status?: number; code?: string | null }[] = [];
const at = (path: string) => `${host.url}/services/chat${path}`;
const codeOf = ({ text }: Answer) => (JSON.parse(text) as { error: { code: string } }).error.code;

beforeAll(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  server = spawn(process.execPath, [program, String(port)], { stdio: "ignore" });
  const log = { ...silentLog, warn: (fields: object) => void failures.push(fields) };
  host = await startTestHost({}, undefined, { log });
  writeFileSync(join(host.folder, "secret"), "Bearer of the server\n");
  await host.serve(
    service([httpRevision({ url: address }, { timeoutMs: 4000 })], { name: "chat", maxBodyBytes: 40_000_000 }),
    service([httpRevision({ url: `${address}/`, authorizationFile: join(host.folder, "secret") })], { name: "secret" }),
    service([httpRevision({ url: address })], { name: "open", auth: "none", record: { rate: 0, maxBytes: 0 } }),
    service([httpRevision({ url: address })], { name: "narrow", maxConcurrentRequests: 1 }),
    service([sumsRevision()], { name: "sums" }),
  );
});
afterAll(async () => {
  server.kill();
  await host.close();
});

describe("a request to a service that another server answers", () => {
  it("arrives with its method, path, query, headers and body, without the key; the answer comes back as it is", async () => {
    const body = '{"prompt": "hi"}';
    const headers = {
      "content-type": "application/json",
      cookie: "c=3; d=4",
      "x-mine": "1",
      "x-request-id": "mine",
      connection: "close, x-hop",
      "x-hop": "1",
      te: "trailers",
    };
    const answer = await send(at("/echo?a=1&b=%20"), { method: "PUT", headers, body });
    expect([answer.status, answer.message, answer.headers["x-own"]]).toEqual([201, "As You Like", "yes"]);
    expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(answer.headers["x-request-id"]).toBe("mine");
    const came = JSON.parse(answer.text);
    expect(came).toMatchObject({ method: "PUT", url: "/echo?a=1&b=%20", size: body.length });
    expect(came.headers).toMatchObject({
      host: new URL(address).host,
      cookie: "c=3; d=4",
      "x-mine": "1",
      "x-request-id": "mine",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": new URL(host.url).host,
      "x-forwarded-prefix": "/services/chat",
    });
    for (const name of ["authorization", "te", "x-hop"]) expect(came.headers).not.toHaveProperty(name);
  });

  it("is scored at the path that is named for it, also at Azure ML's old address", async () => {
    for (const path of ["/services/chat/score", "/api/v1/service/chat/score"]) {
      const answer = await send(host.url + path, { method: "POST", body: '{"data": [[1, 2, 3]]}' });
      expect([answer.status, answer.text]).toEqual([200, "[6.0]"]);
    }
  });

  it("needs the key of the service, but for health; an open service needs none and passes none on", async () => {
    expect((await send(at("/echo"), { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect(await send(at("/"), { headers: { authorization: "" } })).toMatchObject({ status: 200, text: "Healthy" });
    const open = await send(`${host.url}/services/open/echo`, { headers: { authorization: "Bearer of somebody" } });
    expect(JSON.parse(open.text).headers).not.toHaveProperty("authorization");
  });

  it("does not pass the session of a browser on", async () => {
    const cookiesFor = async (cookie: string) =>
      JSON.parse((await send(at("/echo"), { headers: { cookie } })).text).headers.cookie;
    expect(await cookiesFor("a=1; modelyard_session=mys_secret; b=2")).toBe("a=1; b=2");
    expect(await cookiesFor("__Host-modelyard_session=mys_secret")).toBeUndefined();
  });

  it("carries the server's own authorization, read from a file each time", async () => {
    const ours = async () => JSON.parse((await send(`${host.url}/services/secret/echo`)).text).headers.authorization;
    expect(await ours()).toBe("Bearer of the server");
    writeFileSync(join(host.folder, "secret"), "Bearer anew");
    expect(await ours()).toBe("Bearer anew");
    rmSync(join(host.folder, "secret"));
    const lost = await send(`${host.url}/services/secret/echo`);
    expect([lost.status, codeOf(lost)]).toEqual([502, "upstream-failed"]);
    expect(lost.text).toContain("cannot be read: ENOENT");
  });

  it("streams large bodies both ways, whole", async () => {
    const body = Buffer.alloc(30_000_000, "modelyard");
    const digest = createHash("sha256").update(body).digest("hex");
    expect(JSON.parse((await send(at("/echo"), { method: "POST", body })).text)).toMatchObject({
      size: body.length,
      digest,
    });
    const chunked = { "transfer-encoding": "chunked" };
    expect(JSON.parse((await send(at("/echo"), { method: "POST", body, headers: chunked })).text)).toMatchObject({
      digest,
    });
    const large = await send(at("/large"));
    expect([large.text.length, large.whole]).toEqual([32 << 20, true]);
  });

  it("gets events one by one, as they are sent", async () => {
    let next = Promise.resolve();
    const events = await send(at("/events"), {}, (text) => {
      // the server sends the next event when this one was seen here
      if (!text.includes("DONE")) next = next.then(() => send(`${address}/seen`)).then(() => {});
    });
    expect(events.text).toBe("data: 0\n\ndata: 1\n\ndata: 2\n\ndata: [DONE]\n\n");
    expect(events.headers["content-type"]).toBe("text/event-stream");
  });

  it("has one of the places of its service until its answer has ended, and its failure is a line in the log", async () => {
    const next: (() => void)[] = [];
    const events = send(`${host.url}/services/narrow/events`, {}, () => void next.shift()?.());
    await expect.poll(async () => (await send(`${host.url}/services/narrow/pid`)).status).toBe(503);
    const refused = await send(`${host.url}/services/narrow/pid`);
    expect([codeOf(refused), refused.headers["retry-after"]]).toEqual(["queue-full", "1"]);
    for (let shown = 0; shown < 3; shown += 1) await send(`${address}/seen`);
    expect((await events).whole).toBe(true);
    expect((await send(`${host.url}/services/narrow/pid`)).status).toBe(200);
    expect((await send(`${host.url}/services/narrow/nothing`)).status).toBe(404);
    const told = failures.filter(({ service }) => service === "narrow").map(({ status, code }) => [status, code]);
    expect(told).toContainEqual([503, "queue-full"]);
    expect(told.at(-1)).toEqual([404, null]);
  });

  it("gets the server's own refusals, and redirects, as they are", async () => {
    const busy = await send(at("/busy"));
    expect([busy.status, busy.headers["retry-after"], busy.text]).toEqual([
      503,
      "7",
      '{"detail": "the queue is full"}',
    ]);
    expect(busy.headers["x-request-id"]).toBeDefined();
    expect(await send(at("/moved"))).toMatchObject({ status: 307, headers: { location: "/echo" } });
    expect(await send(at("/refuses"), { method: "POST", body: Buffer.alloc(1_000_000) })).toMatchObject({
      status: 401,
      text: "no",
    });
    expect((await send(at("/nothing"))).status).toBe(404);
    expect((await send(at("/echo"), { method: "HEAD" })).status).toBe(201);
  });
});

describe("a server that fails", () => {
  it("costs one request: 502 when it breaks off, 504 when it says nothing in time", async () => {
    const dropped = await send(at("/drops"));
    expect([dropped.status, codeOf(dropped)]).toEqual([502, "upstream-failed"]);
    const late = await send(at("/silent"));
    expect([late.status, codeOf(late)]).toEqual([504, "scoring-timeout"]);
    expect((await send(at("/echo"))).status).toBe(201);
  });

  it("never lets half an answer look like a whole one", async () => {
    for (const path of ["/breaks", "/stuck"])
      expect(await send(at(path), { headers: { "x-request-id": `lost${path.slice(1)}` } }), path).toMatchObject({
        ...{ status: 200, text: "the beginning", whole: false },
      });
    const told = ({ requestId }: { requestId?: string }) => requestId?.startsWith("lost") === true;
    await expect
      .poll(() => failures.filter(told).map(({ status, code }) => [status, code]))
      .toEqual([
        [502, "upstream-failed"],
        [504, "scoring-timeout"],
      ]);
  });

  it("does not tell clients where it stands", async () => {
    const gone = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    const place = await startTestHost({});
    try {
      await place.serve(service([httpRevision({ url: `http://127.0.0.1:${port}` })], { name: "gone" }));
      gone.close();
      gone.closeAllConnections();
      const answer = await send(`${place.url}/services/gone/score`, { method: "POST", body: "{}" });
      expect([answer.status, codeOf(answer)]).toEqual([502, "upstream-failed"]);
      expect(answer.text).not.toContain(String(port));
    } finally {
      await place.close();
    }
  });

  it("is told that its client has left", async () => {
    const before = Number((await send(`${address}/left`)).text);
    const call = request(at("/endless"), { headers: { authorization }, agent: false });
    call.on("error", () => {});
    call.on("response", (response) => {
      response.on("error", () => {});
      response.once("data", () => call.destroy());
    });
    call.end();
    await expect.poll(async () => Number((await send(`${address}/left`)).text)).toBe(before + 1);
  });
});

it("a body over the limit of the service is refused with 413, announced or not", async () => {
  const body = Buffer.alloc(41_000_000);
  for (const headers of [{}, { "transfer-encoding": "chunked" }] as Record<string, string>[]) {
    const answer = await send(at("/echo"), { method: "POST", body, headers }).catch((error: Error) => error);
    // a server may close before a client has sent all of it
    if (!(answer instanceof Error)) expect([answer.status, codeOf(answer)]).toEqual([413, "body-too-large"]);
  }
  expect((await send(at("/echo"))).status).toBe(201);
});

it("paths do not leave their place, and other languages say that nothing is known", async () => {
  for (const path of ["/../sums/score", "/a/%2e%2E/b", "/./x"])
    expect((await send(at("") + path)).status, path).not.toBe(201);
  const infer = await ask(`${host.url}/v2/models/chat/infer`, {
    method: "POST",
    body: "{}",
    headers: { authorization },
  });
  expect([infer.status, infer.text]).toEqual([400, expect.stringContaining("Its paths stand below /services/chat/")]);
  const known = await host.get("/v2/models/chat", { authorization });
  expect(known.json()).toMatchObject({ platform: "http", inputs: [], outputs: [] });
});

it("requests are counted and recorded with the beginning of body and answer, and their whole sizes", async () => {
  const id = { "x-request-id": "recorded" };
  const body = `{"prompt": "${"x".repeat(5000)}"}`;
  await send(at("/large?recorded"), { method: "POST", body, headers: { ...id, "content-type": "application/json" } });
  await send(at("/busy"), { headers: { "x-request-id": "recorded-busy" } });
  await expect
    .poll(async () => (await recordsOf(host)).filter(({ head }) => head.id.startsWith("recorded")).length)
    .toBe(2);
  const records = await recordsOf(host);
  const [large, busy] = ["recorded", "recorded-busy"].map((wanted) => records.find(({ head }) => head.id === wanted));
  expect(large?.head).toMatchObject({
    ...{
      service: "chat",
      revision: 1,
      status: 200,
      answerSize: 32 << 20,
      answerBytes: 1000,
      contentType: "application/json",
    },
  });
  expect(large?.body.toString()).toBe(body.slice(0, 1000));
  expect(busy?.head).toMatchObject({ status: 503 });
  expect((await host.get("/metrics", { authorization })).text).toMatch(
    /modelyard_requests_total\{service="chat",revision="1",code="503"\} [1-9]/,
  );
});

describe("a server that the service starts", () => {
  let own: TestHost;
  beforeAll(async () => {
    own = await startTestHost({ startTimeoutMs: 20_000 });
  });
  afterAll(() => own.close());
  const pidOf = async () => Number((await ask(`${own.url}/services/own/pid`, { headers: { authorization } })).text);
  const seenOwn = (number = 1) => own.seen(() => true).then((state) => revisionIn(state, number, "own"));

  it("gets its port, a clean environment and what the service says; replicas share the requests", async () => {
    await own.serve(service([started("", { replicas: 2, env: { COLOUR: "red" } })], { name: "own" }));
    const pids = new Set(await Promise.all(Array.from({ length: 20 }, pidOf)));
    const seen = await seenOwn();
    expect([...pids].sort()).toEqual(seen?.replicas.map(({ pid }) => pid).sort());
    const environment = JSON.parse(
      (await ask(`${own.url}/services/own/environment`, { headers: { authorization } })).text,
    );
    expect(environment).toMatchObject({ COLOUR: "red", SERVICE_NAME: "own", PORT: expect.stringMatching(/^\d+$/) });
    expect(environment).not.toHaveProperty("MODELYARD_TEST_CACHE");
  });

  it("comes back when it is killed, and is replaced and ended without losing a request", async () => {
    await own.serve(service([started()], { name: "own" }));
    const first = await pidOf();
    process.kill(first, "SIGKILL");
    await own.seen((state) => {
      const replica = revisionIn(state, 1, "own")?.replicas[0];
      return replica?.state === "ready" && replica.pid !== first;
    });
    const second = await pidOf();
    await own.serve(service([started(), started("", { number: 2, share: 0 })], { name: "own" }));
    const sums = Array.from({ length: 50 }, () => own.score('{"data": [[1, 2]]}', {}, "own"));
    await own.want(service([started("", { number: 2 })], { name: "own" }));
    expect((await Promise.all(sums)).map(({ text }) => text)).toEqual(Array(50).fill("[3.0]"));
    await own.seen((state) => state.services[0]?.revisions.length === 1);
    await expect.poll(() => processStartTime(second)).toBeNull();
  });

  it("that ends at once, or cannot be started, fails its revision with its last words", async () => {
    await own.want(service([started("dies")], { name: "own" }));
    const seen = await own.seen((state) => revisionIn(state, 1, "own")?.state === "failed");
    expect(revisionIn(seen, 1, "own")?.reason).toBe("exit code 3: there is no memory for this model");
    await own.want(service([httpRevision({ command: ["/no/such/program"] })], { name: "own" }));
    const missing = await own.seen((state) => revisionIn(state, 1, "own")?.reason?.includes("ENOENT") ?? false);
    expect(revisionIn(missing, 1, "own")?.reason).toContain("/no/such/program could not be started");
  });
});

it("a server that falls ill gets no more requests until it is well, and loses none that it has in hand", async () => {
  const watched = await startTestHost({ health: { everyMs: 50, limitMs: 5000, failures: 3 } });
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, [program, String(port)], { stdio: "ignore" });
    await watched.serve(service([httpRevision({ url })], { name: "own" }));
    let said = "";
    const events = send(`${watched.url}/services/own/events`, {}, (text) => {
      said += text;
    });
    await expect.poll(() => said).toBe("data: 0\n\n");
    await send(`${url}/fall-ill`);
    const ill = await watched.seen((state) => revisionIn(state, 1, "own")?.state !== "ready");
    expect(revisionIn(ill, 1, "own")?.reason).toContain("it was answered with 503");
    const refused = await send(`${watched.url}/services/own/echo`);
    expect([refused.status, codeOf(refused)]).toEqual([503, "no-replica"]);
    for (const next of ["data: 1", "data: 2", "[DONE]"]) {
      await send(`${url}/seen`);
      await expect.poll(() => said).toContain(next);
    }
    expect((await events).whole).toBe(true);
    await send(`${url}/get-well`);
    await watched.seen((state) => revisionIn(state, 1, "own")?.state === "ready");
    expect((await send(`${watched.url}/services/own/echo`)).status).toBe(201);
    child.kill();
  } finally {
    await watched.close();
  }
});

it("what keeps a server from being ready is in its log meanwhile; what is asked in vain for ever fails at once", async () => {
  const told = await startTestHost({});
  const lost = httpRevision({ url: address, authorizationFile: "/no/such/file" }, { share: 0 });
  const waiting = httpRevision({ ...started().upstream, health: "/refused" });
  try {
    await told.want(service([waiting], { name: "own" }), service([lost], { name: "lost" }));
    const seen = await told.seen((state) => revisionIn(state, 1, "lost")?.state === "failed");
    expect(revisionIn(seen, 1, "lost")?.reason).toContain("/no/such/file cannot be read: ENOENT");
    const log = () => readFileSync(join(told.folder, "logs/own/1.log"), "utf8");
    await expect.poll(log).toContain("it was answered with ");
  } finally {
    await told.close();
  }
});

it("a server that is not there fails a candidate, and is waited for by a revision with traffic", async () => {
  const later = await startTestHost({});
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await later.want(
      service([httpRevision({ url }), httpRevision({ url: `${url}/other` }, { number: 2, share: 0 })], { name: "own" }),
    );
    const failed = await later.seen((state) => revisionIn(state, 2, "own")?.state === "failed");
    expect(revisionIn(failed, 2, "own")?.reason).toContain("ECONNREFUSED");
    expect((await later.get("/services/own/")).status).toBe(503);
    const child = spawn(process.execPath, [program, String(port)], { stdio: "ignore" });
    await later.seen((state) => revisionIn(state, 1, "own")?.state === "ready");
    expect((await later.get("/services/own/")).text).toBe("Healthy");
    child.kill();
  } finally {
    await later.close();
  }
});
