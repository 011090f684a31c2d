import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ModelyardError } from "../../contract/errors.ts";
import type { ByteRange } from "../../contract/operation.ts";

/**
 * The bytes of a file that is named by its digest. Of the whole file the last ones are held back until the digest is known: a reader
 * never gets a damaged file to its end. Throws digest-mismatch, blob-not-found.
 */
export async function* readFile(path: string, digest: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
  try {
    const bytes = createReadStream(path, { ...range, highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
    yield* range === undefined ? verified(bytes, digest) : bytes;
  } catch (error) {
    const isLost = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw isLost ? new ModelyardError("blob-not-found", { digest }, { cause: error }) : error;
  }
}

async function* verified(bytes: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let held: Uint8Array | undefined;
  for await (const chunk of bytes) {
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  const actual = hash.digest("hex");
  if (actual !== digest) throw new ModelyardError("digest-mismatch", { path: digest, actual, expected: digest });
  if (held !== undefined) yield held;
}
