import type { IncomingMessage } from "node:http";
import type { UpstreamLink, UpstreamRequest } from "./link.ts";

/** A whole answer of a server. */
export interface UpstreamAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** Asks and reads the whole answer. Errors: what broke the connection, no answer within `limitMs`, one of more than `limitBytes`. */
export async function ask(
  link: UpstreamLink,
  request: UpstreamRequest & { body?: Uint8Array },
  { limitMs, limitBytes }: { limitMs: number; limitBytes: number },
): Promise<UpstreamAnswer> {
  const outgoing = await link.open(request);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${limitMs} ms`)), limitMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    outgoing.on("error", fail);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > limitBytes) outgoing.destroy(new Error(`the answer has more than ${limitBytes} bytes`));
        else chunks.push(chunk);
      });
      incoming.on("error", fail);
      incoming.on("end", () => {
        clearTimeout(timer);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(request.body);
  });
}
