import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  control,
  key,
  recordsOf,
  revisionIn,
  scriptRevision,
  service,
  startTestHost,
  type TestHost,
} from "./host-fixture.ts";

const script = `
import json, time
from azureml.contrib.services.aml_response import AMLResponse
def init():
    pass
def run(raw_data):
    return HOW[raw_data]()
def words():
    yield "one "
    yield "two\\nlines "
    yield "é"
def rows():
    for number in range(3):
        yield {"n": number}
    yield "text"
def bytes_():
    yield b"\\x00\\xff"
def broken():
    yield "begun"
    raise RuntimeError("of the script")
def early():
    raise RuntimeError("before anything")
    yield "never"
def none():
    return iter(())
def slow():
    yield "begun"
    print("sleeping", flush=True)
    time.sleep(60)
def endless():
    try:
        while True:
            yield "x" * 1000
    finally:
        print("closed", flush=True)
def ticks():
    try:
        while True:
            yield "tick"
            time.sleep(0.01)
    finally:
        print("closed", flush=True)
def lines():
    for _ in range(50):
        yield "x" * 1000
def die():
    yield "begun"
    import os
    os._exit(7)
def late():
    time.sleep(60)
    yield "never"
def page():
    return AMLResponse(words(), 201, {"Content-Type": "text/x-words", "X-Own": "1"})
HOW = {"words": words, "rows": rows, "bytes": bytes_, "broken": broken, "early": early, "none": none, "slow": slow,
       "endless": endless, "ticks": ticks, "die": die, "late": late, "lines": lines, "page": page, "plain": lambda: [1]}
`;

const tidy = `
import time
def init():
    pass
def run(raw_data):
    for number in range(int(raw_data)):
        yield str(number) + " "
        time.sleep(0.1)
`;

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost({ recoverMs: 5000 });
  await host.serve(
    service([scriptRevision(host.folder, script)]),
    service([scriptRevision(host.folder, script, { timeoutMs: 1000 })], { name: "hasty" }),
    service([scriptRevision(host.folder, script, { replicas: 2 })], { name: "pair" }),
    service([scriptRevision(host.folder, script)], { name: "lone", maxConcurrentRequests: 1 }),
  );
});
afterAll(() => host.close());

interface Streamed {
  response: IncomingMessage;
  /** Chunks so far. */
  chunks: string[];
  /** Resolves with "end" or "broken". */
  over: Promise<string>;
  leave(): void;
}

/** Sends a request and reads its answer chunk by chunk. */
function open(body: string, headers: Record<string, string> = {}, name = "shop", url = host.url): Promise<Streamed> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { authorization: `Bearer ${key}`, ...headers } };
    const call = request(`${url}/services/${name}/score`, options, (response) => {
      const chunks: string[] = [];
      const over = new Promise<string>((ended) => {
        response.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
        response.on("end", () => ended("end")).on("error", () => ended("broken"));
      });
      resolve({ response, chunks, over, leave: () => void call.destroy() });
    });
    call.on("error", reject).end(body);
  });
}

async function whole(body: string, headers: Record<string, string> = {}, name = "shop") {
  const { response, chunks, over } = await open(body, headers, name);
  const end = await over;
  return {
    status: response.statusCode,
    type: response.headers["content-type"],
    text: chunks.join(""),
    end,
    headers: response.headers,
  };
}

const logOf = async (name: string) =>
  (await control(host.folder, "GET", `/services/${name}/revisions/1/logs?tail=200`)).text;
const sse = { accept: "text/event-stream" };

describe("a run() that returns a generator", () => {
  it("streams text as it is, anything else as lines of JSON, bytes as bytes", async () => {
    expect(await whole("words")).toMatchObject({
      status: 200,
      type: "text/plain; charset=utf-8",
      text: "one two\nlines é",
    });
    const lines = '{"n":0}\n{"n":1}\n{"n":2}\n"text"\n';
    expect(await whole("rows")).toMatchObject({ type: "application/x-ndjson", text: lines, end: "end" });
    expect((await whole("bytes")).type).toBe("application/octet-stream");
    expect(await whole("none")).toMatchObject({ status: 200, type: "application/x-ndjson", text: "", end: "end" });
  });

  it("streams server-sent events to a client that accepts them", async () => {
    const { text, type, headers } = await whole("words", sse);
    expect([type, text]).toEqual([
      "text/event-stream; charset=utf-8",
      "data: one \n\ndata: two\ndata: lines \n\ndata: é\n\n",
    ]);
    expect(headers["cache-control"]).toBe("no-cache");
    expect((await whole("rows", sse)).text).toContain('data: {"n":1}\n\n');
    expect(await whole("plain", sse)).toMatchObject({ type: "application/json", text: "[1]" });
  });

  it("may be the message of an AMLResponse, with its status and headers", async () => {
    const { status, type, text, headers } = await whole("page", sse);
    expect([status, type, text, headers["x-own"]]).toEqual([201, "text/x-words", "one two\nlines é", "1"]);
  });

  it("has sent its first piece before its last is made", async () => {
    const { chunks, leave } = await open("ticks");
    await expect.poll(() => chunks.length).toBeGreaterThan(2);
    leave();
  });

  it("is recorded with its joined text, up to the limit of records", async () => {
    await whole("words", { "x-request-id": "joined" });
    const find = async () => (await recordsOf(host)).find(({ head }) => head.id === "joined");
    await expect.poll(async () => (await find())?.answer.toString()).toBe("one two\nlines é");
    expect((await find())?.head).toMatchObject({
      status: 200,
      answerSize: 16,
      answerType: "text/plain; charset=utf-8",
    });
  });
});

describe("a stream that goes on", () => {
  it("keeps its worker, and another replica answers meanwhile", async () => {
    const { chunks, leave } = await open("ticks", {}, "pair");
    await expect.poll(() => chunks.length).toBeGreaterThan(0);
    expect((await whole("plain", {}, "pair")).text).toBe("[1]");
    const second = await open("ticks", {}, "pair");
    await expect.poll(() => second.chunks.length).toBeGreaterThan(0);
    const waiting = whole("plain", {}, "pair");
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, "waits"))]);
    expect(first).toBe("waits");
    leave();
    expect((await waiting).text).toBe("[1]");
    second.leave();
  });

  it("has one of the places of its service until its end", async () => {
    const { chunks, leave, over } = await open("ticks", {}, "lone");
    await expect.poll(() => chunks.length).toBeGreaterThan(0);
    const refused = await whole("plain", {}, "lone");
    expect([refused.status, refused.text.includes("queue-full")]).toEqual([503, true]);
    leave();
    await over;
    await expect.poll(async () => (await whole("plain", {}, "lone")).status).toBe(200);
  });

  it("is finished when its revision is replaced", async () => {
    const script = (number: number) => scriptRevision(host.folder, tidy, { number, image: `tidy-${number}` });
    const other = await startTestHost();
    try {
      await other.serve(service([script(1)]));
      const { chunks, over } = await open("10", {}, "shop", other.url);
      await expect.poll(() => chunks.length).toBeGreaterThan(0);
      await other.serve(service([script(2)]));
      expect(await over).toBe("end");
      expect(chunks.join("")).toBe("0 1 2 3 4 5 6 7 8 9 ");
    } finally {
      await other.close();
    }
  });

  it("longer than the limit of records is cut in its record alone", async () => {
    const { chunks, over } = await open("lines", { "x-request-id": "long" });
    expect(await over).toBe("end");
    expect(chunks.join("").length).toBe(50_000);
    const find = async () => (await recordsOf(host)).find(({ head }) => head.id === "long");
    await expect.poll(async () => (await find())?.head).toMatchObject({ answerSize: 50_000, answerBytes: 1000 });
  });
});

describe("a stream that fails", () => {
  it("before its first piece is an error like any other", async () => {
    expect(await whole("early")).toMatchObject({ status: 500, type: "application/json" });
    expect((await whole("plain")).text).toBe("[1]");
  });

  it("in its middle breaks the connection, or ends with an error event", async () => {
    expect(await whole("broken", { "x-request-id": "half" })).toMatchObject({
      status: 200,
      text: "begun",
      end: "broken",
    });
    const events = await whole("broken", sse);
    expect(events.end).toBe("end");
    expect(events.text).toContain('data: begun\n\nevent: error\ndata: {"code":"scoring-failed"');
    const find = async () => (await recordsOf(host)).find(({ head }) => head.id === "half");
    await expect.poll(async () => (await find())?.head.status).toBe(500);
    await expect.poll(() => logOf("shop")).toContain("[half] RuntimeError: of the script");
  });

  it("gets the time limit for each piece, and its worker goes on", async () => {
    const events = await whole("slow", sse, "hasty");
    expect(events.text).toContain('event: error\ndata: {"code":"scoring-timeout"');
    expect((await whole("plain", {}, "hasty")).text).toBe("[1]");
    const { services } = await host.seen(() => true);
    expect(services.find(({ name }) => name === "hasty")?.revisions[0]?.replicas[0]?.restarts).toBe(0);
  });

  it("that has no first piece in time is 504", async () => {
    expect(await whole("late", sse, "hasty")).toMatchObject({ status: 504, type: "application/json" });
  });

  it("runs into the time limit when the client takes nothing", async () => {
    const { response, over } = await open("endless", {}, "hasty");
    response.pause();
    await expect.poll(async () => (await logOf("hasty")).match(/closed/g)?.length).toBe(1);
    response.resume();
    expect(await over).toBe("broken");
    expect((await whole("plain", {}, "hasty")).text).toBe("[1]");
  });

  it("whose worker dies breaks the connection", async () => {
    expect(await whole("die")).toMatchObject({ text: "begun", end: "broken" });
    await host.seen((seen) => revisionIn(seen)?.state === "ready");
    expect((await whole("plain")).text).toBe("[1]");
  });
});

describe("a client that leaves", () => {
  it("closes the generator, and the worker takes the next request", async () => {
    const { chunks, leave } = await open("ticks", { "x-request-id": "left" });
    await expect.poll(() => chunks.length).toBeGreaterThan(0);
    leave();
    await expect.poll(() => logOf("shop")).toContain("[left] closed");
    expect((await whole("plain")).text).toBe("[1]");
    const find = async () => (await recordsOf(host)).find(({ head }) => head.id === "left");
    await expect.poll(async () => (await find())?.head.status).toBe(200);
  });

  it("interrupts a generator that makes nothing", async () => {
    const { chunks, leave } = await open("slow", { "x-request-id": "gone" });
    await expect.poll(() => chunks.length).toBeGreaterThan(0);
    await expect.poll(() => logOf("shop")).toContain("[gone] sleeping");
    leave();
    expect((await whole("plain")).text).toBe("[1]");
  });
});
