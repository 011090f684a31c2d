import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type HttpRequest, takesMore } from "./http-request.ts";
import { type AnswerFraming, plainAnswerBytes } from "./plain-answer.ts";
import { makePlainBody, nothing, type PlainBody } from "./plain-body.ts";
import { readPlainHead } from "./plain-head.ts";
import { beginPlainStream } from "./plain-stream.ts";

export interface PlainPorts {
  onRequest(request: HttpRequest): void;
  /** Whether a request for this URL is not to be read here. */
  isForServer(url: string): boolean;
  /** Gives a connection away for good, with what came over it and was not answered. */
  handOver(socket: Socket, bytes: Buffer): void;
  /** Reads no more from a connection whose request was refused, until it is its turn again. */
  hearAgain(socket: Socket): void;
  /** Now, as the Date header has it. */
  date(): string;
  keepAliveMs: number;
  /** From the first byte of a body to its last. */
  bodyMs: number;
  /** How long an answered client may go on sending a body nobody reads. */
  lingerMs: number;
  /** How long a client may take nothing of its answer. */
  stallMs: number;
}

/** A connection whose requests were plain so far. */
export interface PlainConnection {
  isIdle(): boolean;
  close(): void;
}

/** Serves a connection as long as its requests are plain, one after the other. `onLeave` is called once, when it is closed or given away. */
export function servePlainConnection(socket: Socket, ports: PlainPorts, onLeave: () => void): PlainConnection {
  const secure = socket instanceof TLSSocket;
  let body: PlainBody | undefined;
  let ahead: Buffer = nothing;
  let halfClosed = false;
  let streaming = false;
  let timer: NodeJS.Timeout | undefined;

  const onData = (chunk: Buffer) => {
    const rest = body === undefined || body.isComplete() ? chunk : takeBody(body, chunk);
    if (rest.length === 0) return;
    if (body === undefined) return begin(rest);
    // the next request waits for the answer to this one
    ahead = ahead.length === 0 ? rest : Buffer.concat([ahead, rest]);
    socket.pause();
  };
  const takeBody = (current: PlainBody, chunk: Buffer) => {
    const rest = current.push(chunk);
    if (current.isComplete()) clearTimeout(timer);
    return rest;
  };
  const begin = (bytes: Buffer) => {
    const head = readPlainHead(bytes);
    if (head === undefined || ports.isForServer(head.url)) return giveAway(bytes);
    const current = makePlainBody(head.length);
    body = current;
    ahead = current.push(bytes.subarray(head.size));
    if (!current.isComplete()) timer = setTimeout(() => socket.destroy(), ports.bodyMs);
    let answered = false;
    ports.onRequest({
      method: head.method,
      url: head.url,
      headers: head.headers,
      secure,
      readBody: current.whole,
      answer: (answer, requestId, asked = false) => {
        if (answered || socket.destroyed) return undefined;
        const closes = asked || !current.isComplete();
        const bytes = plainAnswerBytes(answer, framing(head, requestId, closes));
        answered = true;
        const flushed = socket.write(bytes);
        if (closes) linger(current);
        else if (flushed) finish(answer.status === 503);
        else awaitTaking();
        return flushed ? undefined : takesMore(socket);
      },
      begin: (answer, requestId, onClose) => {
        const closes = !current.isComplete();
        answered = true;
        streaming = true;
        socket.setTimeout(ports.stallMs);
        const onEnd = () => {
          streaming = false;
          socket.setTimeout(ports.keepAliveMs);
          if (closes) linger(current);
          else finish();
        };
        return beginPlainStream(socket, answer, framing(head, requestId, closes), { onClose, onEnd });
      },
    });
  };
  const framing = ({ method }: { method: string }, requestId: string, closes: boolean): AnswerFraming => ({
    requestId,
    date: ports.date(),
    headOnly: method === "HEAD",
    closes,
    keepAliveSeconds: Math.floor(ports.keepAliveMs / 1000),
  });
  /** Until the client has taken its answer. */
  const awaitTaking = () => {
    socket.setTimeout(ports.stallMs);
    socket.once("drain", () => {
      socket.setTimeout(ports.keepAliveMs);
      finish();
    });
  };
  const finish = (isRefused = false) => {
    body = undefined;
    if (halfClosed && ahead.length === 0) socket.end();
    else if (ahead.length > 0) setImmediate(goOn);
    else if (isRefused) ports.hearAgain(socket);
  };
  const goOn = () => {
    const bytes = ahead;
    ahead = nothing;
    if (socket.destroyed) return;
    socket.resume();
    begin(bytes);
  };
  /** Closing at once would reset the connection and the client would lose the answer. */
  const linger = (current: PlainBody) => {
    current.discard();
    clearTimeout(timer);
    socket.setTimeout(ports.stallMs);
    socket.end(() => {
      timer = setTimeout(() => socket.destroy(), ports.lingerMs);
    });
  };
  const onEnd = () => {
    halfClosed = true;
    if (body === undefined && ahead.length === 0) socket.end();
    // who reads a stream stays until its end, and nothing else would tell that it left while there is nothing to write
    else if (streaming || body?.isComplete() === false) socket.destroy();
  };
  const onTimeout = () => {
    // Node counts every byte that leaves as activity
    if (body === undefined || socket.writableLength > 0) socket.destroy();
  };
  const onError = () => {};
  const onClose = () => {
    clearTimeout(timer);
    body?.cutOff();
    onLeave();
  };
  const listeners = { data: onData, end: onEnd, timeout: onTimeout, error: onError, close: onClose } as const;
  const giveAway = (bytes: Buffer) => {
    for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener);
    socket.setTimeout(0);
    onLeave();
    ports.handOver(socket, bytes);
  };
  for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener);
  socket.setTimeout(ports.keepAliveMs);
  return {
    isIdle: () => body === undefined && ahead.length === 0,
    close: () => socket.destroy(),
  };
}
