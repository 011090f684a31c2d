import { Readable } from "node:stream";
import type { ModelyardError } from "../../contract/errors.ts";
import type { PieceKind } from "./worker-frames.ts";

/** One piece of an answer that comes in several. */
export interface Piece {
  kind: PieceKind;
  body: Buffer;
}

/** The pieces on their way to the client. Destroyed before its end, it tells the worker that nobody wants the rest. */
export type PieceStream = Omit<Readable, typeof Symbol.asyncIterator> &
  AsyncIterable<Piece | { failure: ModelyardError }>;

/** The side of a worker's socket: takes pieces as they come. */
export interface IncomingStream {
  pieces: PieceStream;
  /** False when the client is slower than the worker: the socket should wait until `resume` is called. */
  take(piece: Piece): boolean;
  /** Called for every piece that came. */
  onPiece: () => void;
  /** There are no more; `failure` says why, after the pieces that came before. */
  end(failure?: ModelyardError): void;
}

/** Pieces that may wait here; more stay in the socket, and the worker waits. */
const waiting = 16;

export function receiveStream({ cancel, resume }: { cancel(): void; resume(): void }): IncomingStream {
  const pieces = new Readable({
    objectMode: true,
    highWaterMark: waiting,
    read: resume,
    destroy: (error, done) => {
      if (!pieces.readableEnded) cancel();
      // what still comes is thrown away, so that the worker can go on
      resume();
      done(error);
    },
  });
  const stream: IncomingStream = {
    pieces: pieces as PieceStream,
    take: (piece) => {
      stream.onPiece();
      return pieces.destroyed || pieces.push(piece);
    },
    onPiece: () => {},
    end: (failure) => {
      if (failure !== undefined) pieces.push({ failure });
      pieces.push(null);
    },
  };
  return stream;
}
