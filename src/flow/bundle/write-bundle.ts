import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { ModelyardError } from "../../contract/errors.ts";
import { blobName, type Manifest, manifestLimit, manifestName, sizesOfBlobs } from "./manifest.ts";

/** Gives the bytes of a blob. */
export type ReadBlob = (digest: string, size: number) => AsyncIterable<Uint8Array>;

/**
 * The bytes of a bundle, as they are read; every blob is compared with its digest on the way.
 * Throws not-supported when the manifest is too long, digest-mismatch, and what reading throws.
 */
export async function* writeBundle(manifest: Manifest, read: ReadBlob): AsyncGenerator<Uint8Array> {
  const text = Buffer.from(JSON.stringify(manifest));
  if (text.length > manifestLimit)
    throw new ModelyardError("not-supported", {
      what: `What these versions say of themselves takes ${text.length} bytes; a bundle holds up to ${manifestLimit}`,
      instead: "Export fewer versions at a time.",
    });
  const archive = pack();
  archive.on("error", ignored);
  const filling = fill(archive, text, manifest, read).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  try {
    yield* archive as AsyncIterable<Uint8Array>;
  } finally {
    archive.destroy(); // a reader that went away ends the reading too
    await filling;
  }
}

async function fill(archive: Pack, text: Buffer, manifest: Manifest, read: ReadBlob): Promise<void> {
  const mtime = new Date(manifest.exportedAt);
  const add = (name: string, size: number, bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => {
    const entry = archive.entry({ name, size, mtime });
    entry.on("error", ignored);
    return pipeline(bytes, entry);
  };
  await add(manifestName, text.length, [text]);
  for (const [digest, size] of sizesOfBlobs("the bundle", manifest))
    await add(blobName(digest), size, verified(read(digest, size), { path: digest, digest }));
}

/** An error is thrown to whoever reads the archive; without a listener it would end the process besides. */
const ignored = () => {};

/** Bytes that end with digest-mismatch when they are not what they should be. */
export async function* verified(
  bytes: AsyncIterable<Uint8Array>,
  expected: { path: string; digest: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = hash.digest("hex");
  const { path, digest } = expected;
  if (actual !== digest) throw new ModelyardError("digest-mismatch", { path, actual, expected: digest });
}
