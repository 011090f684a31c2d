import { ModelyardError } from "../contract/errors.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Answer, PieceAnswer } from "./answer.ts";
import type { HttpRequest } from "./http/http-request.ts";

/** Bytes are kept for the record up to `keep`. */
interface Sending {
  requestId: string;
  keep: number;
}

/**
 * Sends an answer as its pieces come, no faster than the client takes them. When the client leaves, the pieces are destroyed, and their
 * worker lets go of them. Resolves, never rejects, with the answer as it went: its first bytes, its size, and the status of the
 * error that ended it, if any did.
 */
export async function sendPieces(
  request: HttpRequest,
  answer: Answer,
  { items, write, failure }: PieceAnswer,
  { requestId, keep }: Sending,
): Promise<Answer> {
  const kept: Uint8Array[] = [];
  let size = 0;
  const send = async (bytes: Uint8Array) => {
    if (size < keep) kept.push(bytes.subarray(0, keep - size));
    size += bytes.length;
    await stream.write(bytes);
  };
  let { status } = answer;
  const stream = request.begin(answer, requestId, () => items.destroy());
  try {
    for await (const piece of items) {
      if ("failure" in piece) throw piece.failure;
      await send(write(piece));
    }
    stream.end();
  } catch (thrown) {
    // a stream that was given up failed, whether or not its client is still there
    if (thrown instanceof ModelyardError) status = thrown.status;
    if (!stream.isClosed()) {
      const error = asModelyardError(thrown);
      status = error.status;
      const last = failure(error);
      if (last === null) stream.breakOff();
      else {
        await send(last);
        stream.end();
      }
    }
  }
  return { ...answer, status, body: Buffer.concat(kept), size };
}
