import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { makeClient } from "../../src/client/client.ts";
import type { RemoteError } from "../../src/contract/remote-error.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers as it is told: the faults below cannot be had from the real one on demand. */
async function clientOf(listener: RequestListener) {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return makeClient({ url, token: "my_secret", fetch });
}

const failure = (work: Promise<unknown>): Promise<RemoteError> =>
  work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => error as RemoteError,
  );

describe("progress", () => {
  const ndjson: RequestListener = (_, answer) => {
    answer.writeHead(200, { "content-type": "application/x-ndjson" });
    answer.write('{"event":"step","step":"a","message":"first"}\n{"event":"heart');
    answer.write('beat"}\n{"event":"log","line":"é"}\n');
    answer.end('{"event":"result","result":{"digest":"x"}}\n');
  };

  test("events are told as they come, heartbeats are not, and the result is the answer", async () => {
    const client = await clientOf(ndjson);
    const events: unknown[] = [];
    const answer = await client.buildImage({ models: ["m"] }, { onProgress: (event) => events.push(event) });
    expect(answer).toEqual({ digest: "x" });
    expect(events).toEqual([
      { event: "step", step: "a", message: "first" },
      { event: "log", line: "é" },
    ]);
  });

  test("an error in the stream is thrown with its request id and its own text", async () => {
    const client = await clientOf((_, answer) => {
      answer.writeHead(200, { "content-type": "application/x-ndjson" });
      answer.end('{"event":"error","error":{"code":"package-not-found","message":"M","fix":"F","requestId":"r1"}}\n');
    });
    const error = await failure(client.buildImage({ models: ["m"] }));
    expect(error).toMatchObject({ code: "package-not-found", message: "M", fix: "F", requestId: "r1", status: 400 });
  });

  test.each(["end", "destroy"] as const)("a stream that stops without a result (%s) is no success", async (how) => {
    const client = await clientOf((_, answer) => {
      answer.writeHead(200, { "content-type": "application/x-ndjson" });
      answer.write('{"event":"step","step":"a","message":"m"}\n', () => answer[how]());
    });
    expect(await failure(client.buildImage({ models: ["m"] }))).toMatchObject({ code: "server-unreachable" });
  });
});

describe("failures", () => {
  test("the server's code, text and request id are kept", async () => {
    const client = await clientOf((_, answer) => {
      answer.writeHead(404, { "content-type": "application/json" });
      answer.end('{"error":{"code":"model-not-found","message":"no m","fix":"do f","docs":"/d","requestId":"r2"}}');
    });
    const error = await failure(client.getModel({ name: "m" }));
    expect(error).toMatchObject({ code: "model-not-found", message: "no m", fix: "do f", requestId: "r2" });
    expect(error.toPublic(error.requestId)).toMatchObject({ message: "no m", docs: "/docs/errors/model-not-found" });
  });

  test("a code of a newer server becomes internal with the server's text", async () => {
    const client = await clientOf((_, answer) => {
      answer.writeHead(409);
      answer.end('{"error":{"code":"moon-in-wrong-phase","message":"wait","fix":"wait"}}');
    });
    expect(await failure(client.listModels())).toMatchObject({ code: "internal", message: "wait" });
  });

  test("something that is no Modelyard server is named as that", async () => {
    const client = await clientOf((_, answer) => answer.writeHead(502).end("<html>"));
    const error = await failure(client.listModels());
    expect(error.code).toBe("server-unreachable");
    expect(error.message).toContain("502");
  });

  test("a refused connection is server-unreachable with the URL", async () => {
    const client = makeClient({ url: "http://127.0.0.1:9", token: undefined, fetch });
    const error = await failure(client.listModels());
    expect(error).toMatchObject({ code: "server-unreachable" });
    expect(error.message).toContain("http://127.0.0.1:9");
  });

  test("an abort stays an abort", async () => {
    const client = await clientOf(() => {});
    const controller = new AbortController();
    const call = failure(client.listModels({}, { signal: controller.signal }));
    controller.abort();
    expect((await call).name).toBe("AbortError");
  });

  test("a download that breaks off fails instead of ending short", async () => {
    const client = await clientOf((_, answer) => {
      answer.writeHead(200, { "content-length": "10", "content-disposition": 'attachment; filename="a.pkl"' });
      answer.write("12345", () => answer.destroy());
    });
    const answer = await client.downloadFile({ name: "m", version: 1, path: "a.pkl" });
    expect(answer).toMatchObject({ fileName: "a.pkl", size: 10 });
    const read = async () => {
      for await (const _ of answer.body);
    };
    expect(await failure(read())).toMatchObject({ code: "server-unreachable" });
  });
});

test("a large body passes through and is not held", async () => {
  const client = await clientOf(async (request, answer) => {
    for await (const _ of request);
    answer.writeHead(200, { "content-type": "application/json" }).end('{"digest":"d","size":4}');
  });
  const megabytes = 512;
  let held = 0;
  async function* body() {
    for (let sent = 0; sent < megabytes; sent += 1) {
      yield Buffer.alloc(1 << 20);
      held = Math.max(held, process.memoryUsage().arrayBuffers);
    }
  }
  await client.uploadBlob({}, { body: body(), size: megabytes << 20 });
  expect(held).toBeLessThan((megabytes / 2) << 20);
});

test("a body of bytes is streamed with token, type and length", async () => {
  const seen: unknown[] = [];
  const client = await clientOf(async (request, answer) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push(
      request.url,
      request.headers.authorization,
      request.headers["content-length"],
      String(Buffer.concat(chunks)),
    );
    answer.writeHead(200, { "content-type": "application/json" }).end('{"digest":"d","size":4}');
  });
  async function* body() {
    yield Buffer.from("ab");
    yield Buffer.from("cd");
  }
  expect(await client.uploadBlob({ digest: "d" }, { body: body(), size: 4 })).toEqual({ digest: "d", size: 4 });
  expect(seen).toEqual(["/api/v1/blobs?digest=d", "Bearer my_secret", "4", "abcd"]);
});
