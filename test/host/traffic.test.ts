import { afterEach, describe, expect, it } from "vitest";
import type { Traffic } from "../../src/contract/traffic.ts";
import { silentLog } from "../../src/kernel/log.ts";
import {
  control,
  key,
  recordsOf,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const markScript = `
import os
def init():
    pass
def run(raw_data):
    if raw_data == "fail" and os.environ["MARK"] == "r2":
        raise RuntimeError("the mirror is not well")
    return os.environ["MARK"]
`;
const mirrorScript = `
import time
def init():
    pass
def run(raw_data, request_headers):
    time.sleep(float(raw_data.strip()))
    return request_headers.get("X-Modelyard-Mirrored", "a client waits")
`;

let host: TestHost;
afterEach(() => host.close());

const marked = (number: number, share: number) =>
  scriptRevision(host.folder, markScript, { number, share, env: { MARK: `r${number}` } });
const serveWith = (traffic: Traffic) => host.serve(service([marked(1, 100), marked(2, 0)], { traffic }));
const answerTo = async (body: string, headers = {}) => (await host.score(body, headers)).json();
const mirroredTotals = async () =>
  (await control(host.folder, "GET", "/metrics")).text
    .split("\n")
    .filter((line) => line.startsWith("modelyard_mirrored_requests_total"));

describe("the way of a request", () => {
  it("follows the rules of its service, without a restart of the workers", async () => {
    host = await startTestHost();
    const revisions = [marked(1, 100), marked(2, 0)];
    await host.serve(service(revisions));
    expect(await answerTo("x", { "x-group": "beta" })).toBe("r1");
    const before = await host.want(service(revisions));
    const traffic = { rules: [{ header: "x-group", equals: "beta", revision: 2 }] };
    const after = await host.want(service(revisions, { traffic }));
    expect(await answerTo("x", { "x-group": "beta" })).toBe("r2");
    expect(await answerTo("x")).toBe("r1");
    const pids = ({ services }: typeof after) => services[0]?.revisions.map(({ replicas }) => replicas[0]?.pid);
    expect(pids(after)).toEqual(pids(before));
  });

  it("is that of its caller, the same in every language", async () => {
    host = await startTestHost();
    const halves = [sumsRevision({ number: 1, share: 50 }), sumsRevision({ number: 2, share: 50 })];
    await host.serve(service(halves, { traffic: { sticky: "x-user" } }));
    const users = ["ann", "bob", "cyd", "dan", "eve", "flo"];
    for (const user of users) {
      const headers = { "x-user": user, authorization: `Bearer ${key}`, "content-type": "application/json" };
      const tensor = { name: "input", datatype: "FP64", shape: [1, 3], data: [1, 2, 3] };
      const bodies = {
        "services/shop/score": { data: [[1, 2, 3]] },
        "v2/models/shop/infer": { inputs: [tensor] },
        "services/shop/invocations": { instances: [[1, 2, 3]] },
      };
      for (const [path, body] of Object.entries(bodies)) {
        const reply = await fetch(`${host.url}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
        expect(reply.status, path).toBe(200);
      }
    }
    const revisions = (await recordsOf(host)).map(({ head }) => head.revision);
    const byUser = users.map((_, index) => new Set(revisions.slice(3 * index, 3 * index + 3)));
    expect(byUser.map(({ size }) => size)).toEqual(users.map(() => 1));
    expect(new Set(revisions).size).toBe(2);
  });

  it("is to the revision that its header names, also one without traffic", async () => {
    host = await startTestHost();
    await serveWith({});
    expect(await answerTo("x", { "x-modelyard-revision": "2" })).toBe("r2");
    for (const named of ["3", "two", "1.0", ""]) {
      const reply = await host.score("x", { "x-modelyard-revision": named });
      const { code, message } = (reply.json() as { error: { code: string; message: string } }).error;
      expect([reply.status, code]).toEqual([404, "revision-not-found"]);
      expect(message).toMatch(new RegExp(`has no revision "?${named}"?$`));
    }
  });

  it("that cannot be is refused with the whole state, and the one before goes on", async () => {
    host = await startTestHost();
    await serveWith({ rules: [{ header: "x-group", equals: "beta", revision: 2 }] });
    const traffic = { mirror: { revision: 9, rate: 2 } };
    const reply = await control(
      host.folder,
      "PUT",
      "/wanted",
      JSON.stringify({ services: [service([marked(1, 100)], { traffic })] }),
    );
    expect(reply.status).toBe(400);
    expect(reply.text).toContain("services[0].traffic.mirror.rate");
    expect(await answerTo("x", { "x-group": "beta" })).toBe("r2");
  });
});

describe("traffic to a revision that is not there", () => {
  it("is passed over and told once, and every other service gets what is wanted", async () => {
    const told: string[] = [];
    const log = { ...silentLog, warn: (fields: object) => void told.push(JSON.stringify(fields)) };
    host = await startTestHost({}, undefined, { log });
    const traffic: Traffic = {
      rules: [
        { header: "x-group", equals: "beta", revision: 9 },
        { header: "x-group", equals: "beta", revision: 2 },
      ],
      mirror: { revision: 8, rate: 1 },
    };
    const wanted = [service([marked(1, 100), marked(2, 0)], { traffic }), service([sumsRevision()], { name: "other" })];
    await host.serve(...wanted);
    await host.want(...wanted);
    expect(await answerTo("x", { "x-group": "beta" })).toBe("r2");
    expect((await host.score('{"data": [[1, 2, 3]]}', {}, "other")).status).toBe(200);
    expect(told).toEqual([
      JSON.stringify({
        problems: [
          "shop: traffic.rules[0].revision: is none of the service's",
          "shop: traffic.mirror.revision: is none of the service's",
        ],
      }),
    ]);
  });
});

describe("a mirror", () => {
  it("gets a copy, answers nobody, and its answer is recorded as mirrored with the id of the request", async () => {
    host = await startTestHost();
    await serveWith({ mirror: { revision: 2, rate: 1 } });
    expect(await answerTo("x", { "x-request-id": "one" })).toBe("r1");
    expect(await answerTo("fail", { "x-request-id": "two" })).toBe("r1");
    await expect.poll(mirroredTotals).toHaveLength(2);
    const records = (await recordsOf(host)).map(({ head, answer }) => ({ ...head, answer: answer.toString() }));
    const brief = records.map(({ id, revision, status, mirrored = false }) => [id, revision, status, mirrored]);
    expect(brief.sort()).toEqual([
      ["one", 1, 200, false],
      ["one", 2, 200, true],
      ["two", 1, 200, false],
      ["two", 2, 500, true],
    ]);
    expect(records.find(({ id, mirrored }) => id === "one" && mirrored)?.answer).toBe('"r2"');
    expect((await mirroredTotals()).sort()).toEqual([
      'modelyard_mirrored_requests_total{service="shop",revision="2",outcome="answered"} 1',
      'modelyard_mirrored_requests_total{service="shop",revision="2",outcome="failed"} 1',
    ]);
  });

  it("that is too slow delays nobody: copies beyond a limit are left out and counted", async () => {
    host = await startTestHost({ drainMs: 100 });
    const slow = scriptRevision(host.folder, mirrorScript, { number: 2, share: 0, timeoutMs: 60_000 });
    const fast = scriptRevision(host.folder, markScript, { number: 1, env: { MARK: "r1" } });
    await host.serve(service([fast, slow], { traffic: { mirror: { revision: 2, rate: 1 } } }));
    const replies = await Promise.all(Array.from({ length: 100 }, () => host.score("30")));
    expect(replies.every((reply) => reply.json() === "r1")).toBe(true);
    expect(await mirroredTotals()).toEqual([
      'modelyard_mirrored_requests_total{service="shop",revision="2",outcome="busy"} 36',
    ]);
  });

  it("gets its part of the requests, those whose records are kept at that rate, and a script can see that it mirrors", async () => {
    host = await startTestHost();
    const fast = scriptRevision(host.folder, markScript, { number: 1, env: { MARK: "r1" } });
    const seeing = scriptRevision(host.folder, mirrorScript, { number: 2, share: 0 });
    const record = { rate: 0.3, maxBytes: 1000 };
    await host.serve(service([fast, seeing], { record, traffic: { mirror: { revision: 2, rate: 0.3 } } }));
    for (let count = 0; count < 40; count += 1) await host.score("0");
    const kept = async () => (await recordsOf(host)).filter(({ head }) => head.kept);
    const originals = (await kept()).filter(({ head }) => !head.mirrored).map(({ head }) => head.id);
    const copies = async () => (await kept()).filter(({ head }) => head.mirrored);
    await expect.poll(async () => (await copies()).length).toBe(originals.length);
    expect((await copies()).map(({ head }) => head.id).sort()).toEqual(originals.sort());
    expect(originals.length).toBeGreaterThan(0);
    for (const { answer } of await copies()) expect(answer.toString()).toBe('"true"');
  });

  it("that is not ready is left out and counted", async () => {
    host = await startTestHost();
    const dead = scriptRevision(host.folder, "import no_such_module", { number: 2, share: 0 });
    const fast = scriptRevision(host.folder, markScript, { number: 1, env: { MARK: "r1" } });
    await host.want(service([fast, dead], { traffic: { mirror: { revision: 2, rate: 1 } } }));
    await host.seen((seen) => seen.services[0]?.revisions.find(({ number }) => number === 1)?.state === "ready");
    expect(await answerTo("x")).toBe("r1");
    expect(await mirroredTotals()).toEqual([
      'modelyard_mirrored_requests_total{service="shop",revision="2",outcome="not-ready"} 1',
    ]);
  });
});
