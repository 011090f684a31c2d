import { unlinkSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { type Deferred, deferred } from "../deferred.ts";
import type { LineOwners } from "./last-words.ts";
import { type IncomingStream, type PieceStream, receiveStream } from "./piece-stream.ts";
import {
  type AnswerItemHead,
  type CollectedItemHead,
  cutBody,
  encodeFrame,
  type FailedHead,
  type Frame,
  type HostHead,
  makeFrameReader,
  type PredictionsHead,
  type ReadyHead,
  type ScoreItemHead,
  type StartHead,
  type StreamHead,
  tableOf,
  type WorkerHead,
} from "./worker-frames.ts";

export interface WorkerAnswer {
  head: AnswerItemHead;
  body: Buffer;
  /** The pieces of an answer that has several. Whoever gets it must read it to its end, or destroy it. */
  pieces?: PieceStream;
}

/** Told of an answer that comes piece by piece, before its first piece. */
export type OnStream = (head: StreamHead, stream: IncomingStream) => void;

/** The host's end of one worker's socket. */
export interface WorkerConnection extends LineOwners {
  connected(): boolean;
  /** The requests that the worker has begun and not answered, which are lost when it ends. */
  begun(): string[];
  /**
   * Sends one frame; the worker answers frames in their order. Rejects when the connection ends before the answer. Of an answer that
   * comes in pieces `onStream` is told; that its promise resolves means that the last piece was taken.
   */
  score(items: ScoreItemHead[], bodies: readonly Uint8Array[], onStream?: OnStream): Promise<WorkerAnswer[]>;
  sendStop(): void;
  /** Ends it; frames that are not answered are rejected with the reason, in their order. */
  close(reason: string): void;
}

/** Tables that a script collected, and how many could not be kept by the worker, by reason. */
export interface CollectedTables {
  tables: { head: CollectedItemHead; body: Buffer }[];
  dropped: Record<string, number>;
}

export interface WorkerEvents {
  /** The socket is there; the worker may be started. */
  onListening(): void;
  onStarted(head: ReadyHead | FailedHead): void;
  onCollected(collected: CollectedTables): void;
  /** The worker cannot be used: it broke the protocol, or its socket could not be opened. */
  onBroken(reason: string): void;
  /** The worker let go of its socket, mostly because it ended. */
  onClosed(): void;
}

/** A worker has two frames at most, so the line of a request can be read no more than two answers late. */
const answersAhead = 2;

/** Listens on `path` for one worker, sends it `start` and turns its frames into events and answers. */
export function listenForWorker(path: string, start: StartHead, events: WorkerEvents): WorkerConnection {
  let socket: Socket | undefined;
  const unanswered: {
    answer: Deferred<WorkerAnswer[]>;
    onStream: OnStream | undefined;
    items: readonly ScoreItemHead[];
  }[] = [];
  const answered: (readonly ScoreItemHead[])[] = [];
  let takesTables = false;
  let stream: IncomingStream | undefined;

  const send = (head: HostHead, bodies?: readonly Uint8Array[]) => {
    if (socket === undefined || socket.destroyed) return;
    socket.cork();
    for (const piece of encodeFrame(head, bodies)) socket.write(piece);
    socket.uncork();
  };
  const onFrame = ({ head, body }: Frame<WorkerHead>) => {
    if (head.type === "ready" || head.type === "failed") {
      takesTables = head.type === "ready" && head.tables === true;
      return events.onStarted(head);
    }
    if (head.type === "collected") {
      const parts = cutBody(body, head.items);
      const tables = head.items.map((item, index) => ({ head: item, body: parts[index] as Buffer }));
      return events.onCollected({ tables, dropped: head.dropped });
    }
    if (head.type === "stream" && stream === undefined && unanswered[0]?.onStream !== undefined) {
      const begun = receiveStream({
        cancel: () => {
          if (stream === begun) send({ type: "cancel", id: head.id });
        },
        resume: () => socket?.resume(),
      });
      stream = begun;
      return unanswered[0].onStream(head, begun);
    }
    if (head.type === "chunk" && stream !== undefined) {
      if (!stream.take({ kind: head.kind, body })) socket?.pause();
      return;
    }
    const [asked] = unanswered;
    if ((head.type !== "answers" && head.type !== "predictions") || asked === undefined)
      throw new TypeError(`unexpected frame "${head.type}"`);
    stream = undefined;
    const items = head.type === "answers" ? head.items : answerItems(asked.items, head);
    const bodies = cutBody(body, items);
    unanswered.shift();
    answered.push(asked.items);
    if (answered.length > answersAhead) answered.shift();
    asked.answer.resolve(items.map((item, index) => ({ head: item, body: bodies[index] as Buffer })));
  };
  const stopListening = () => {
    listener.close();
    try {
      unlinkSync(path);
    } catch {
      // closing removed it
    }
  };
  const listener = createServer((connection) => {
    stopListening();
    socket = connection;
    const read = makeFrameReader<WorkerHead>(onFrame);
    connection.on("data", (chunk) => {
      try {
        read(chunk);
      } catch (error) {
        events.onBroken(`it broke the protocol: ${(error as Error).message}`);
      }
    });
    connection.on("error", () => {});
    connection.on("close", events.onClosed);
    send(start);
  });
  listener.on("error", (error) => events.onBroken(`its socket could not be opened: ${error.message}`));
  listener.listen({ path, exclusive: true }, events.onListening);

  return {
    connected: () => socket !== undefined && !socket.destroyed,
    score: (items, bodies, onStream) => {
      if (socket === undefined || socket.destroyed) return Promise.reject(new Error("the worker is gone"));
      const answer = deferred<WorkerAnswer[]>();
      unanswered.push({ answer, onStream, items });
      send((takesTables ? tableOf(items) : undefined) ?? { type: "score", items }, bodies);
      return answer.promise;
    },
    requestOf: (line) => {
      if (!line.startsWith("[")) return undefined;
      for (const items of [...unanswered.map((frame) => frame.items), ...answered])
        for (const { id } of items) if (line.startsWith(`[${id}] `)) return id;
      return undefined;
    },
    begun: () => unanswered[0]?.items.map(({ id }) => id) ?? [],
    isInHand: (requestId) => unanswered.some(({ items }) => items.some(({ id }) => id === requestId)),
    sendStop: () => send({ type: "stop" }),
    close: (reason) => {
      stopListening();
      socket?.destroy();
      for (const { answer } of unanswered.splice(0)) answer.reject(new Error(reason));
    },
  };
}

/** What `predictions` say of each request. */
const answerItems = (asked: readonly ScoreItemHead[], { runMs, sizes }: PredictionsHead): AnswerItemHead[] =>
  sizes.map((size, index) => ({
    id: asked[index]?.id ?? "",
    status: "ok",
    size,
    contentType: "application/json",
    runMs,
  }));
