import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as JSON: a CloudEvent, or what MLflow sends. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into foreign shapes
  json: any;
}

/** A status, headers with it, or nothing at all: the connection is cut. */
export type Reply = number | { status: number; headers: Record<string, string> } | "cut";

/** A real HTTP server on loopback that keeps what it gets. `reply` decides what it answers. */
export async function startReceiver(first: (received: Received) => Reply | Promise<Reply> = () => 200) {
  const receiver = { url: "", taken: [] as Received[], reply: first, close: async () => {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const received = { headers: request.headers, body, json: JSON.parse(body) };
    receiver.taken.push(received);
    const reply = await receiver.reply(received);
    if (reply === "cut") request.socket.destroy();
    else if (typeof reply === "number") response.writeHead(reply).end("thank you");
    else response.writeHead(reply.status, reply.headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}
