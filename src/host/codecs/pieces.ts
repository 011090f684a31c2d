import type { ModelyardError } from "../../contract/errors.ts";
import { type Answer, type PieceAnswer, scriptHeaders } from "../answer.ts";
import type { PieceStream } from "../engines/piece-stream.ts";
import type { StreamHead } from "../engines/worker-frames.ts";

type Chosen = Partial<Pick<StreamHead, "contentType" | "httpStatus" | "headers" | "kind">>;

/** Proxies are told to hand on what they get at once. */
const unbuffered = { "cache-control": "no-cache", "x-accel-buffering": "no" };

/**
 * An answer in pieces as HTTP: as the script's AMLResponse says; else as server-sent events for a client that accepts them; else text
 * and bytes as they are, and anything else as one line of JSON for each piece. The first piece decides.
 */
export function pieceAnswer(head: Chosen, items: PieceStream, accept: string | undefined): Answer {
  const [contentType, form] = formOf(head, accept);
  const headers = { ...unbuffered, ...scriptHeaders(head.headers ?? {}), "content-type": contentType };
  return { status: head.httpStatus ?? 200, body: Buffer.alloc(0), headers, pieces: { items, ...form } };
}

type Form = Omit<PieceAnswer, "items">;

function formOf({ contentType, kind }: Chosen, accept = ""): [string, Form] {
  if (contentType !== undefined)
    return [
      contentType,
      contentType.startsWith("text/event-stream") ? { ...asTheyAre, failure: lastEvent } : asTheyAre,
    ];
  if (/\btext\/event-stream\b/i.test(accept)) return ["text/event-stream; charset=utf-8", makeEvents()];
  if (kind === "text") return ["text/plain; charset=utf-8", asTheyAre];
  return kind === "bytes" ? ["application/octet-stream", asTheyAre] : ["application/x-ndjson", asLines];
}

const asTheyAre: Form = { write: ({ body }) => body, failure: () => null };

const asLines: Form = {
  write: ({ kind, body }) => Buffer.from(`${kind === "text" ? JSON.stringify(body.toString("utf8")) : body}\n`, "utf8"),
  failure: () => null,
};

/** A whole event, as a script writes it that frames its pieces itself. */
const wholeEvent = /^(data|event|id|retry)?:[\s\S]*\n\n$/;

/** https://html.spec.whatwg.org/multipage/server-sent-events.html. Bytes are events already, and texts when the first one is. */
function makeEvents(): Form {
  let areEvents: boolean | undefined;
  return {
    write: ({ kind, body }) => {
      const text = body.toString("utf8");
      areEvents ??= kind === "bytes" || (kind === "text" && wholeEvent.test(text));
      return kind === "bytes" || (areEvents && kind === "text") ? body : event(text);
    },
    failure: lastEvent,
  };
}

const lastEvent = ({ code, message }: ModelyardError): Buffer =>
  event(JSON.stringify({ code, message }), "event: error\n");

function event(data: string, before = ""): Buffer {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return Buffer.from(`${before}${lines.join("")}\n`, "utf8");
}
