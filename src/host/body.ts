import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelyardError } from "../contract/errors.ts";

/** Bytes a body announces, or undefined when it comes in chunks. */
export function announcedSize(request: IncomingMessage): number | undefined {
  const text = request.headers["content-length"];
  return text === undefined ? undefined : Number(text);
}

/**
 * The whole body; a client that waits for `100 Continue` gets it. Errors: body-too-large, before anything is read when the
 * body announces its size; a plain Error when the client left.
 */
export function readBody(request: IncomingMessage, response: ServerResponse, limit: number): Promise<Buffer> {
  const tooLarge = () => new ModelyardError("body-too-large", { limit });
  if ((announcedSize(request) ?? 0) > limit) return Promise.reject(tooLarge());
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners("data");
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    // every request closes in the end: an error, with its stack, is made only for one that was cut off
    const onClose = () => reject(new Error("the client left before its body was read"));
    request.on("end", () => {
      request.off("close", onClose);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    });
    request.on("error", reject);
    request.on("close", onClose);
  });
}
