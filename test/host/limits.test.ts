import { afterEach, describe, expect, it } from "vitest";
import { makeAdmission } from "../../src/host/admission.ts";
import {
  control,
  converse,
  scoringHead,
  scriptRevision,
  service,
  startTestHost,
  sumsRevision,
  type TestHost,
} from "./host-fixture.ts";

const slowScript = `
import time
def init():
    pass
def run(raw_data):
    time.sleep(float(raw_data.strip()))
    return "slept"
`;

let host: TestHost;
afterEach(() => host?.close());

const codeOf = (reply: { json: () => unknown }) => (reply.json() as { error: { code: string } }).error.code;
const seenInMetrics = (name: string, value: number) =>
  expect
    .poll(async () => (await control(host.folder, "GET", "/metrics")).text)
    .toContain(`${name}{service="shop",revision="1"} ${value}\n`);
const statuses = (replies: { status: number }[]) => replies.map(({ status }) => status);

describe("the limits of a service", () => {
  it("refuse a request beyond those it may have at a time, with 503 and Retry-After, and take the next when one is done", async () => {
    host = await startTestHost();
    await host.serve(service([scriptRevision(host.folder, slowScript)], { maxConcurrentRequests: 2 }));
    const two = [host.score("4")];
    await seenInMetrics("modelyard_requests_running", 1);
    two.push(host.score("0"));
    await seenInMetrics("modelyard_requests_waiting", 1);
    const refused = await host.score("0");
    expect([codeOf(refused), refused.headers["retry-after"]]).toEqual(["queue-full", "1"]);
    expect(statuses(await Promise.all(two))).toEqual([200, 200]);
    expect((await host.score("0")).status).toBe(200);
  });

  it("refuse a request that waited too long for a worker, and let one that is in work go on", async () => {
    host = await startTestHost();
    const waits = (maxQueueWaitMs: number) =>
      service([scriptRevision(host.folder, slowScript, { timeoutMs: 20_000, maxQueueWaitMs })]);
    await host.serve(waits(200));
    const working = host.score("4");
    await seenInMetrics("modelyard_requests_running", 1);
    const refused = await host.score("0");
    expect([refused.status, codeOf(refused), refused.headers["retry-after"]]).toEqual([503, "queue-timeout", "1"]);
    expect((await working).status).toBe(200);
  });

  it("hold for a request that a quick script has behind a long one, which goes on", async () => {
    host = await startTestHost({ recoverMs: 300 });
    const settings = { timeoutMs: 20_000, maxQueueWaitMs: 1000 };
    await host.serve(service([scriptRevision(host.folder, slowScript, settings)]));
    // measured as quick: what comes next is sent ahead
    expect((await host.score("0")).status).toBe(200);
    const working = host.score("4");
    await seenInMetrics("modelyard_requests_running", 1);
    const behind = host.score("0");
    await seenInMetrics("modelyard_requests_running", 2);
    const refused = await behind;
    expect([refused.status, codeOf(refused)]).toEqual([503, "queue-timeout"]);
    expect((await working).status).toBe(200);
    expect((await host.score("0")).status).toBe(200);
  });

  it("end a request that began after its wait at its time limit", async () => {
    host = await startTestHost({ recoverMs: 300 });
    await host.serve(service([scriptRevision(host.folder, slowScript, { timeoutMs: 3000, maxQueueWaitMs: 2500 })]));
    const replies = await Promise.all([host.score("0.3"), host.score("20")]);
    expect(statuses(replies)).toEqual([200, 504]);
  });

  it.each([
    ["announced its size", "Content-Length: 300", "h"],
    ["comes in chunks", "Transfer-Encoding: chunked", "1\r\nh\r\n"],
    ["is waited for by its client", "Content-Length: 300\r\nConnection: close\r\nExpect: 100-continue", "h"],
  ])("answer 408 and close when a body is not there in time that %s, and give its place back", async (_, head, part) => {
    host = await startTestHost();
    const limited = { maxConcurrentRequests: 1 };
    await host.serve(service([scriptRevision(host.folder, slowScript, { timeoutMs: 1000 })], limited));
    const slow = converse(host.url, scoringHead(head), (send) => {
      send(part);
      // who sends on and on is slow too
      const sending = setInterval(() => send(part), 300);
      setTimeout(() => clearInterval(sending), 2500);
    });
    await expect.poll(async () => (await host.score("0")).status).toBe(503);
    const text = (await slow).replace("HTTP/1.1 100 Continue\r\n\r\n", "");
    expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*"body-timeout"/i);
    expect((await host.score("0")).status).toBe(200);
  });

  it("do not let a flooded service keep another from answering", async () => {
    host = await startTestHost({ bodyBytes: 8 * 1024 * 1024 });
    const slow = service([scriptRevision(host.folder, slowScript, { timeoutMs: 3000 })], {
      name: "slow",
      maxBodyBytes: 2 * 1024 * 1024,
    });
    await host.serve(slow, service([sumsRevision()], { name: "sums" }));
    const flood = Array.from({ length: 100 }, () => host.score(`0.2${" ".repeat(1024 * 1024)}`, {}, "slow"));
    for (let count = 0; count < 50; count += 1)
      expect((await host.score('{"data": [[1, 2, 3]]}', {}, "sums")).json()).toEqual([6]);
    const replies = await Promise.all(flood);
    const refused = replies.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(50);
    expect(new Set(refused.map(codeOf))).toEqual(new Set(["host-full"]));
    expect(replies.some(({ status }) => status === 200)).toBe(true);
    // what was refused, answered or ended left nothing behind
    expect((await host.score(`0${" ".repeat(1024 * 1024)}`, {}, "slow")).status).toBe(200);
  });
});

describe("admission", () => {
  const of = (name: string) => ({ name, maxConcurrentRequests: 100 });

  it("leaves half to others when one service floods, and takes any body that is alone", () => {
    const admission = makeAdmission(100);
    const flood = Array.from({ length: 20 }, () => admission.enter(of("flood")));
    let taken = 0;
    for (const held of flood) {
      try {
        admission.hold(held, 10);
        taken += 1;
      } catch {
        // refused
      }
    }
    expect(taken).toBe(5);
    const other = admission.enter(of("other"));
    admission.hold(other, 40);
    expect(() => admission.hold(other, 40)).toThrow("no room");
    for (const held of [...flood, other]) admission.leave(held);
    const alone = admission.enter(of("other"));
    admission.hold(alone, 500);
    expect(() => admission.hold(admission.enter(of("flood")), 1)).toThrow("no room");
    admission.hold(alone, 500);
  });
});
