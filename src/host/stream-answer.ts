import { type ErrorCode, ModelyardError } from "../contract/errors.ts";
import { asModelyardError } from "../contract/known-error.ts";
import type { Answer, PieceAnswer } from "./answer.ts";
import type { HttpRequest } from "./http/http-request.ts";

/** Bytes are kept for the record up to `keep`. */
interface Sending {
  requestId: string;
  keep: number;
  /** Whether the host breaks off what is not done. */
  breaksOff(): boolean;
}

/**
 * Sends an answer as its pieces come, no faster than the client takes them. When the client leaves, the pieces are destroyed, and their
 * worker lets go of them. Resolves, never rejects, with the answer as it went: its first bytes, its size, and the error that ended
 * it, if any did, with its status. A client that leaves is none.
 */
export async function sendPieces(
  request: HttpRequest,
  answer: Answer,
  { items, write, failure }: PieceAnswer,
  { requestId, keep, breaksOff }: Sending,
): Promise<{ answer: Answer; code: ErrorCode | null }> {
  const kept: Uint8Array[] = [];
  let size = 0;
  const send = async (bytes: Uint8Array) => {
    if (size < keep) kept.push(bytes.subarray(0, keep - size));
    size += bytes.length;
    await stream.write(bytes);
  };
  let failed: ModelyardError | undefined;
  const stream = request.begin(answer, requestId, () => items.destroy());
  try {
    for await (const piece of items) {
      if ("failure" in piece) throw piece.failure;
      await send(write(piece));
    }
    stream.end();
  } catch (thrown) {
    // a stream that was given up failed, whether or not its client is still there
    if (thrown instanceof ModelyardError) failed = thrown;
    else if (stream.isClosed()) failed = breaksOff() ? new ModelyardError("host-stopped") : undefined;
    else failed = asModelyardError(thrown);
    if (failed !== undefined && !stream.isClosed()) {
      const last = failure(failed);
      if (last === null) stream.breakOff();
      else {
        await send(last);
        stream.end();
      }
    }
  }
  const { status, code } = failed ?? { status: answer.status, code: null };
  return { answer: { ...answer, status, body: Buffer.concat(kept), size }, code };
}
