import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { promisify } from "node:util";
import { gzip as gzipCallback } from "node:zlib";
import { takesMore } from "../http/http-request.ts";
import { lingerMs } from "../linger.ts";
import { frameOf } from "./frames.ts";
import { codes, encodeMessage } from "./status.ts";

const gzip = promisify(gzipCallback);

/** Encodings of messages that are read; answers are compressed for those who compress. */
export const encodings: readonly string[] = ["identity", "gzip", "deflate"];

/** Letters of a message: with all of them encoded it still fits into the headers clients take. */
const longestText = 1500;

/**
 * Bytes that are handed to a stream at a time. node:http2 never takes back what it counts for a write that is pending when its stream is
 * reset: a client that refuses one long answer would have no further call on its connection.
 */
const sliceBytes = 64 * 1024;

/** The answer of one call: messages, then its status. After the status, or when the client is gone, it takes no more. */
export interface Answerer {
  /** Resolves when the client takes more. */
  message(bytes: Buffer): Promise<void>;
  end(code: number, text?: string): void;
  /** Gives the call up: its client does not do its part. */
  letGo(): void;
}

/** The error of HTTP/2 for a stream that is not wanted any more (RFC 9113 §7). */
const cancel = 8;

export interface AnswererOptions {
  requestId: string;
  compressed: boolean;
  /** How long a client may take nothing. */
  stallMs: number;
}

export function makeAnswerer(stream: ServerHttp2Stream, { requestId, compressed, stallMs }: AnswererOptions): Answerer {
  const headers: OutgoingHttpHeaders = {
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-accept-encoding": encodings.join(","),
    "x-request-id": requestId,
  };
  let over = false;
  const isGone = () => over || stream.destroyed || stream.closed;
  const letGo = () => {
    const { session } = stream;
    stream.close(cancel);
    // who reads nothing of its whole connection cannot be told
    const timer = setTimeout(() => session?.destroy(), lingerMs);
    stream.once("close", () => clearTimeout(timer));
  };
  const taking = async () => {
    const timer = setTimeout(letGo, stallMs);
    await takesMore(stream);
    clearTimeout(timer);
  };
  return {
    message: async (bytes) => {
      // the least effort: numbers hardly shrink further
      const sent = compressed ? await gzip(bytes, { level: 1 }) : bytes;
      if (isGone()) return;
      if (!stream.headersSent)
        stream.respond({ ...headers, ...(compressed ? { "grpc-encoding": "gzip" } : {}) }, { waitForTrailers: true });
      const [prefix, body] = frameOf(sent, compressed) as [Uint8Array, Uint8Array];
      stream.cork();
      stream.write(prefix);
      let flows = stream.write(body.subarray(0, sliceBytes));
      stream.uncork();
      for (let at = sliceBytes; at < body.length; at += sliceBytes) {
        if (!flows) await taking();
        if (isGone()) return;
        flows = stream.write(body.subarray(at, at + sliceBytes));
      }
      if (!flows) await taking();
    },
    letGo,
    end: (code, text = "") => {
      if (isGone()) return;
      over = true;
      const timer = setTimeout(letGo, stallMs);
      stream.once("close", () => clearTimeout(timer));
      const begun = stream.headersSent;
      const status = {
        "grpc-status": String(code),
        ...(text === "" ? {} : { "grpc-message": encodeMessage(text.slice(0, longestText)) }),
      };
      if (begun) {
        stream.once("wantTrailers", () => stream.sendTrailers(status));
        stream.end();
      } else stream.respond({ ...headers, ...status }, { endStream: true });
      // a client that still sends is told to stop; one that is done hears nothing of it
      if (code === codes.ok || begun) stream.resume();
      else stream.close();
    },
  };
}
