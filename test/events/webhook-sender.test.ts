import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sendWebhook } from "../../src/main/webhook-sender.ts";

let close = () => {};
afterEach(() => close());

/** Sends one request to a receiver that answers so. */
async function send(answer: (response: ServerResponse) => void, timeoutMs = 200) {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return sendWebhook({ url, addresses: [], headers: {}, body: "{}", timeoutMs });
}

test("a receiver that does not answer in time is given up", async () => {
  await expect(send(() => {})).rejects.toThrow("no answer within 0.2 s");
});

test("a receiver that stops behind its status has answered", async () => {
  expect(await send((response) => void response.writeHead(204).flushHeaders())).toMatchObject({ status: 204 });
  expect(await send((response) => void response.writeHead(200).write("half"))).toEqual({ status: 200, body: "half" });
});

test("of an endless answer only the beginning is read", async () => {
  const { status, body } = await send((response) => {
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(1000)));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  }, 30_000);
  expect(status).toBe(200);
  expect(body.length).toBe(1000);
});
