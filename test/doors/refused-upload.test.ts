import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../src/kernel/hash.ts";
import { startServer, type TestServer } from "../server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.remove());

test("behind an upload that was refused on its way the next request of its connection is answered", async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname)
    .setEncoding("latin1")
    .on("error", () => {});
  let came = "";
  socket.on("data", (text) => {
    came += text;
  });
  const head = (method: string, path: string, size: number) =>
    `${method} ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: ${size}\r\n\r\n`;
  const body = Buffer.alloc(4 << 20, "model");
  // it has more than it was said to have, which is seen before its end
  const path = `/api/v1/blobs?digest=${sha256(body)}&size=1000&offset=0`;
  socket.write(head("POST", path, body.length));
  socket.write(body.subarray(0, 1 << 20));
  await expect.poll(() => came).toMatch(/^HTTP\/1\.1 400 /);
  for (let at = 1 << 20; at < body.length; at += 1 << 20) {
    socket.write(body.subarray(at, at + (1 << 20)));
    await pause(20);
  }
  came = "";
  socket.write(head("GET", "/api/v1/models", 0));
  await expect.poll(() => came, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});
