import type { Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { ModelyardError } from "../../contract/errors.ts";

/** Bytes of one write. Those of a socket come by 64 KB, and a write of each would cost more than the copying together. */
const pieceBytes = 1 << 20;

/** What a stream says that was cut by its other side, or ended by this one. */
const cuts = new Set(["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"]);

export interface Received {
  /** Bytes that were written. */
  bytes: number;
  /** That the sender's connection broke, and there may be more; the sender's fault, and no bug. */
  broken?: ModelyardError;
}

/**
 * Writes a stream to an open file and hashes it on the way: the next piece comes in while the one before is written, so two pieces
 * are in memory. Of a stream that breaks all that arrived is written. Throws invalid-input for more than `most` bytes, and what
 * reading and writing throw.
 */
export async function receive(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  hash: Hash,
  most = Number.POSITIVE_INFINITY,
): Promise<Received> {
  const received: Received = { bytes: 0 };
  let piece: Uint8Array[] = [];
  let waiting = 0;
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    const bytes = Buffer.concat(piece);
    piece = [];
    waiting = 0;
    await writing;
    writing = handle.writeFile(bytes);
    writing.catch(() => {}); // thrown where it is waited for
  };
  try {
    for await (const chunk of source) {
      if (received.bytes + chunk.length > most) throw tooLong(most);
      hash.update(chunk);
      received.bytes += chunk.length;
      piece.push(chunk);
      waiting += chunk.length;
      if (waiting >= pieceBytes) await write();
    }
  } catch (error) {
    await writing;
    if (!cuts.has(String((error as NodeJS.ErrnoException).code))) throw error;
    received.broken = brokenOff(error);
  }
  await write();
  await writing;
  return received;
}

const tooLong = (most: number) =>
  new ModelyardError("invalid-input", { problems: `the body has more than the ${most} bytes that were left to send` });

const brokenOff = (cause: unknown) =>
  new ModelyardError("invalid-input", { problems: "the connection broke before the end of the body" }, { cause });
