import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BytesAnswer } from "../contract/operation.ts";
import type { Log } from "../kernel/log.ts";
import { parseRange } from "./range.ts";

/**
 * Answers with a file: whole, or the range that was asked for when the file is a kept one (RFC 9110 §14). A stream that breaks
 * breaks the connection, so that a client never takes half a file for a whole one.
 */
export async function sendBytes(
  log: Log,
  answer: BytesAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { contentType, fileName, size, kept } = answer;
  reply
    .header("content-type", contentType)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`);
  if (kept === undefined || size === undefined) return stream(log, answer.body, size, request, reply);
  const etag = `"${kept.digest}"`;
  reply.header("etag", etag).header("accept-ranges", "bytes");
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const range = parseRange(request.headers.range, size);
  if (range === "unsatisfiable")
    return reply.code(416).header("content-range", `bytes */${size}`).type("text/plain").send("");
  if (range === undefined) return stream(log, answer.body, size, request, reply);
  reply.code(206).header("content-range", `bytes ${range.start}-${range.end}/${size}`);
  return stream(log, kept.read(range), range.end - range.start + 1, request, reply);
}

async function stream(
  log: Log,
  body: AsyncIterable<Uint8Array>,
  size: number | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // The first bytes are fetched before the head is sent: damage that shows at once is still an error with a text.
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  const readable = Readable.from(continued(first, chunks), { objectMode: false });
  readable.once("error", (error) => {
    log.warn({ requestId: request.id, reason: error.message }, "a download broke");
    reply.raw.destroy();
  });
  if (size !== undefined) reply.header("content-length", size);
  return reply.send(readable);
}

async function* continued(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
