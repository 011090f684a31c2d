import { ModelyardError } from "../contract/errors.ts";
import type { IncomingStream } from "./engines/piece-stream.ts";
import type { AnswerItemHead } from "./engines/worker-frames.ts";

/** An answer that comes in pieces, from its first to its last. */
export interface FollowedStream {
  /** The worker is done with it. */
  end(head: AnswerItemHead): void;
  fail(error: ModelyardError): void;
}

export interface FollowPorts {
  service: string;
  revision: number;
  /** Milliseconds from one piece to the next, and for a client that takes none. */
  timeoutMs: number;
  /** How long the worker may go on after the client left. */
  recoverMs: number;
  /** The worker is to be told that it is late. */
  onLate(): void;
}

/** Watches over a stream: its pieces must come in time, and when the client leaves the worker must let go of it. */
export function followStream(stream: IncomingStream, ports: FollowPorts): FollowedStream {
  const { pieces } = stream;
  let timer: NodeJS.Timeout;
  let told = false;
  const late = () => {
    if (told) return;
    told = true;
    pieces.destroy(timeoutOf(ports));
    ports.onLate();
  };
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(late, ms);
  };
  let over = false;
  wait(ports.timeoutMs);
  stream.onPiece = () => {
    if (!pieces.destroyed) wait(ports.timeoutMs);
  };
  // reading ended without the last piece: the client left
  pieces.once("close", () => {
    if (!over) wait(ports.recoverMs);
  });
  // who reads the pieces sees the error there
  pieces.on("error", () => {});
  const finish = () => {
    over = true;
    clearTimeout(timer);
  };
  return {
    end: ({ id, status }) => {
      finish();
      if (status === "ok") stream.end();
      else if (status === "timeout") stream.end(timeoutOf(ports));
      else {
        const { service, revision } = ports;
        stream.end(new ModelyardError("scoring-failed", { service, revision, requestId: id }));
      }
    },
    fail: (error) => {
      finish();
      stream.end(error);
    },
  };
}

const timeoutOf = ({ service, timeoutMs }: FollowPorts) =>
  new ModelyardError("scoring-timeout", { service, timeoutMs });
