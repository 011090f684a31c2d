import { type ClientHttp2Session, connect as http2Connect } from "node:http2";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inferRequest } from "../../src/host/grpc/messages.ts";
import { encode } from "../../src/host/grpc/protobuf.ts";
import { key, pickledModel, service, startTestHost, sumsRevision, type TestHost } from "./host-fixture.ts";
import { long } from "./toy-models.ts";

/** Answers have 15 MB: the host has room for one and a half. */
const limits = { bodyBytes: 22_000_000, stallMs: 2000 };
let host: TestHost;

beforeAll(async () => {
  host = await startTestHost(limits);
  await host.serve(
    service([sumsRevision({ models: [pickledModel(host.folder, long)], sample: null })], { name: "long" }),
  );
});
afterAll(() => host.close());

const contents = { fp64_contents: [1, 2, 3] };
const inputs = [{ name: "input", datatype: "FP64", shape: [1, 3], contents }];
const message = Buffer.from(encode(inferRequest, { model_name: "long", inputs }));
const prefix = Buffer.alloc(5);
prefix.writeUInt32BE(message.length, 1);
const framed = Buffer.concat([prefix, message]);

/** Asks for long answers. `begun`: the first of them is there. `status`: of gRPC, when it came. */
function ask(session: ClientHttp2Session, method = "ModelInfer", messages = 1, ends = true) {
  const call = session.request({
    ":method": "POST",
    ":path": `/inference.GRPCInferenceService/${method}`,
    "content-type": "application/grpc",
    authorization: `Bearer ${key}`,
  });
  const seen: { begun?: true; status?: unknown; closed?: number } = {};
  const see = (headers: Record<string, unknown>) => {
    seen.begun = true;
    seen.status ??= headers["grpc-status"];
  };
  call.on("error", () => {});
  call.on("response", see).on("trailers", see);
  call.on("close", () => {
    seen.closed = call.rstCode;
  });
  for (let sent = 0; sent < messages; sent += 1) call.write(framed);
  if (ends) call.end();
  return { call, seen };
}

/** What a client is answered that takes all of it. */
async function statusOfReader(): Promise<unknown> {
  const session = http2Connect(`http://${host.grpc}`);
  const { call, seen } = ask(session);
  call.resume();
  await expect.poll(() => seen.closed, { timeout: 30_000 }).toBeDefined();
  session.destroy();
  return seen.status;
}

describe.each([
  ["ModelInfer", 1],
  ["ModelStreamInfer", 3],
])("a client of %s that takes nothing of its answers", (method, messages) => {
  it("has only so much of the host's memory, and is let go, others on its connection not", async () => {
    const session = http2Connect(`http://${host.grpc}`, { settings: { initialWindowSize: 0 } });
    const first = ask(session, method, messages);
    await expect.poll(() => first.seen.begun, { timeout: 30_000 }).toBe(true);
    await expect.poll(statusOfReader, { timeout: 30_000 }).toBe("14");
    await expect.poll(() => first.seen.closed, { timeout: 30_000 }).toBe(8);
    expect(session.destroyed).toBe(false);
    await expect.poll(statusOfReader, { timeout: 30_000 }).toBe("0");
    session.destroy();
  });
});

it("a client that begins a message and does not end it is let go, and its room with it", async () => {
  const session = http2Connect(`http://${host.grpc}`);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(90_000, 1);
  const { call, seen } = ask(session, "ModelInfer", 0, false);
  call.write(head);
  await expect.poll(() => seen.closed, { timeout: 30_000 }).toBe(8);
  session.destroy();
});

it("a client that does not even read its connection is let go, too", async () => {
  const { hostname, port } = new URL(`http://${host.grpc}`);
  const relay = await listen((socket) => {
    const behind = connect(Number(port), hostname);
    socket.pipe(behind).on("error", () => {});
    socket.on("error", () => {}).on("close", () => behind.destroy());
    let size = 0;
    behind.on("data", (bytes) => {
      socket.write(bytes);
      size += bytes.length;
      if (size > 200_000) behind.pause();
    });
    behind.on("error", () => {});
  });
  const settings = { initialWindowSize: 2 ** 31 - 1 };
  const session = http2Connect(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, { settings });
  session.on("error", () => {});
  session.once("connect", () => session.setLocalWindowSize(2 ** 31 - 1));
  const first = ask(session);
  first.call.resume();
  await expect.poll(() => first.seen.begun, { timeout: 30_000 }).toBe(true);
  await expect.poll(statusOfReader, { timeout: 30_000 }).toBe("14");
  await expect.poll(statusOfReader, { timeout: 30_000 }).toBe("0");
  session.destroy();
  relay.close();
});

async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

// node:http reads what is not plain
it.each([
  "keep-alive",
  "close",
])("a client over HTTP (Connection: %s) that takes nothing of its answer has only so much of the host's memory, until it leaves", async (connection) => {
  const body = '{"data": [[1, 2, 3]]}';
  const socket = connect(Number(new URL(host.url).port), "127.0.0.1", () => {
    const head = `POST /services/long/score HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${key}\r\nConnection: ${connection}`;
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  });
  socket.pause();
  const statusOfOther = async () => (await host.score(body, {}, "long")).status;
  await expect.poll(statusOfOther, { timeout: 30_000 }).toBe(503);
  socket.destroy();
  await expect.poll(statusOfOther, { timeout: 30_000 }).toBe(200);
});
