import { readdirSync, readFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { WantedRevision } from "../../src/contract/host.ts";
import { isHealthPath } from "../../src/host/health.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { entriesIn } from "../spooled.ts";
import { control, key, scriptRevision, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";

const slowScript = `
import time
def init():
    pass
def run(raw_data):
    time.sleep(float(raw_data))
    return "slept"
`;

let host: TestHost;
afterEach(() => host?.close());

/** A connection that is written to piece by piece; `text` is all that came back when it was closed. */
function open(start: string) {
  const { port } = new URL(host.url);
  let answer = "";
  const socket = connect(Number(port), "127.0.0.1", () => socket.write(start));
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  const text = new Promise<string>((resolve, reject) => {
    socket.once("close", () => resolve(answer)).once("error", reject);
  });
  return { text, write: (more: string) => socket.write(more), so: () => answer };
}

const running = async () =>
  (await control(host.folder, "GET", "/metrics")).text.includes(
    'modelyard_requests_running{service="shop",revision="1"} 1\n',
  );

describe("a host that stops", () => {
  it("answers what has begun, with connection: close, says 503 to health, and takes no new connection", async () => {
    host = await startTestHost();
    await host.serve(service([scriptRevision(host.folder, slowScript)]));
    const head = (path: string, method = "POST") =>
      `${method} ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\n`;
    const working = open(`${head("/services/shop/score")}Content-Length: 1\r\n\r\n4`);
    await expect.poll(running).toBe(true);
    const begun = open(`${head("/services/shop/score")}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n`);
    await expect.poll(begun.so).toContain("100 Continue");
    const health = ["/healthz", "/services/shop/", "/v2/health/ready", "/services/shop/ping"].map((path) =>
      open(head(path, "GET")),
    );
    await expect.poll(async () => (await host.get("/healthz")).status).toBe(200);
    const closed = host.close();
    for (const one of health) one.write("\r\n");
    begun.write("0");
    for (const one of health) {
      const text = await one.text;
      expect(text).toMatch(/^HTTP\/1\.1 503 /);
      expect(text).toMatch(/\r\nConnection: close\r\n/i);
    }
    for (const one of [working, begun]) {
      const text = await one.text;
      expect(text).toContain("HTTP/1.1 200 OK");
      expect(text).toMatch(/\r\nConnection: close\r\n/i);
      expect(text).toContain('"slept"');
    }
    await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    await closed;
  });
});

describe("a stream that a stopping host breaks off", () => {
  const endless = `
import time
def init():
    pass
def run(raw_data):
    while True:
        yield "tick"
        time.sleep(0.05)
`;
  const head = `POST /services/shop/score HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\nContent-Length: 1\r\n\r\n0`;

  async function brokenOff(revision: (url: string) => WantedRevision): Promise<void> {
    const upstream = createServer((asked, answer) => {
      asked.resume();
      if (asked.url === "/health") answer.end();
      else answer.write("tick");
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const failures: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => void failures.push(fields) };
    host = await startTestHost({ drainMs: 500 }, undefined, { log });
    await host.serve(service([revision(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`)]));
    const stream = open(head);
    await expect.poll(stream.so, { timeout: 30_000 }).toContain("tick");
    await host.host.close();
    expect(await stream.text).toMatch(/^HTTP\/1\.1 200 OK/);
    const spool = join(host.folder, "spool");
    const records = readdirSync(spool).flatMap((name) => entriesIn(readFileSync(join(spool, name))).entries);
    expect(records.map((one) => [one.head.status, one.head.error])).toEqual([[503, "host-stopped"]]);
    expect(records[0]?.answer.toString()).toMatch(/^(tick)+$/);
    expect(failures).toContainEqual(expect.objectContaining({ status: 503, code: "host-stopped" }));
    upstream.closeAllConnections();
    upstream.close();
  }

  it("of a script is recorded and logged as one", () => brokenOff(() => scriptRevision(host.folder, endless)));

  it("of a server behind a service is recorded and logged as one", () =>
    brokenOff((url) =>
      sumsRevision({
        ...{ python: null, models: [], signature: { input: { kind: "text" } }, sample: null },
        upstream: { health: "/health", score: "/sum", url },
      }),
    ));
});

describe("clients that send one request after the other", () => {
  it("lose none when their host stops: each is told by its last answer to come no more", async () => {
    host = await startTestHost();
    await host.serve(service([sumsRevision()]));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const options = { method: "POST", agent, headers: { authorization: `Bearer ${key}` } };
    const ask = () =>
      new Promise<string | undefined>((resolve, reject) => {
        const call = request(`${host.url}/services/shop/score`, options, (response) => {
          response.resume();
          response.once("end", () => resolve(response.headers.connection));
        });
        call.once("error", reject);
        call.end('{"data": [[1, 2, 3]]}');
      });
    let answers = 0;
    const clients = Array.from({ length: 8 }, async () => {
      while ((await ask()) !== "close") answers += 1;
    });
    await expect.poll(() => answers).toBeGreaterThan(100);
    await Promise.all([host.close(), ...clients]);
  });
});

describe("health", () => {
  it.each([
    ["/healthz", true],
    ["/services/shop/", true],
    ["/services/shop/health", true],
    ["/services/shop/v2/health/ready", true],
    ["/v2/models/shop/versions/3/ready", true],
    ["/api/v1/service/shop/", true],
    ["/v2/health/live", false],
    ["/services/shop/score", false],
    ["/v2/models/shop/infer", false],
    ["/services/shop/metrics", false],
  ])("is asked at %s: %s", (path, health) => {
    expect(isHealthPath(path)).toBe(health);
  });
});
