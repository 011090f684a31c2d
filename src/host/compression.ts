import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { ModelyardError } from "../contract/errors.ts";
import type { Answer } from "./answer.ts";

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);
const deflate = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflate);

/** Bytes below which compressing costs more than it saves: what fits into one packet. */
const worthwhile = 1400;

/**
 * A body without its Content-Encoding: gzip, deflate (RFC 9110 §8.4.1, and the bare deflate some clients send) or identity. Stops at `limit`
 * bytes; `hold` is told of bytes as they come out, as a few can become many. Errors: body-too-large; not-supported for another encoding;
 * encoding-invalid for damaged bytes; what `hold` throws.
 */
export async function inflate(
  body: Buffer,
  encoding: string,
  limit: number,
  hold: (bytes: number) => void = () => {},
): Promise<Buffer> {
  const stream = undoFor(encoding.trim().toLowerCase(), body);
  if (stream === undefined) return body;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    stream.end(body);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new ModelyardError("body-too-large", { limit });
      hold(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // zlib's own codes (Z_DATA_ERROR, Z_BUF_ERROR …)
    if (!code?.startsWith("Z_")) throw error;
    throw new ModelyardError("encoding-invalid", { encoding, reason: message });
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

function undoFor(encoding: string, body: Buffer) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "deflate":
      return ((body[0] ?? 8) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case "identity":
    case "":
      return undefined;
    default:
      throw new ModelyardError("not-supported", {
        what: `The Content-Encoding ${encoding.slice(0, 40)} is not supported`,
        instead: "Send the body with gzip, deflate or as it is.",
      });
  }
}

/** The answer as the client's Accept-Encoding wants it; a short one as it is. */
export async function compress(answer: Answer, accepted: string | undefined): Promise<Answer> {
  const encoding = answer.body.length < worthwhile ? undefined : chosenEncoding(accepted);
  if (encoding === undefined) return answer;
  // the least effort: numbers hardly shrink further, and the time is the client's
  const body = await (encoding === "gzip" ? gzip : deflate)(answer.body, { level: 1 });
  return { ...answer, body, headers: { ...answer.headers, "content-encoding": encoding, vary: "accept-encoding" } };
}

/** gzip before deflate, of those the header names without `q=0` (RFC 9110 §12.5.3). */
function chosenEncoding(accepted = ""): "gzip" | "deflate" | undefined {
  const named = accepted
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(";", 1)[0]?.trim());
  return (["gzip", "deflate"] as const).find((encoding) => named.includes(encoding));
}
