import { createHash, randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import { syncFolder } from "../../kernel/files.ts";
import type { BlobStore } from "../../register/ports.ts";

/**
 * Content-addressed blobs in a folder: `sha256/ab/<digest>`. Bytes go to a temporary file, are hashed on the way, synced and
 * renamed, so that a blob is either whole or not there; the same bytes are stored once.
 */
export function fsBlobStore(folder: string): BlobStore & { clean(): Promise<void> } {
  const uploads = join(folder, "uploads");
  const pathOf = (digest: string) => join(folder, "sha256", digest.slice(0, 2), digest);

  async function receive(temp: string, source: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
    const hash = createHash("sha256");
    let size = 0;
    const handle = await open(temp, "wx", 0o400);
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { digest: hash.digest("hex"), size };
  }

  async function keep(temp: string, digest: string): Promise<void> {
    const path = pathOf(digest);
    await mkdir(dirname(path), { recursive: true });
    await rename(temp, path);
    await syncFolder(dirname(path));
  }

  return {
    pathOf,
    async put(source, expected) {
      await mkdir(uploads, { recursive: true });
      const temp = join(uploads, randomBytes(8).toString("hex"));
      try {
        const received = await receive(temp, source);
        if (expected !== undefined && received.digest !== expected)
          throw new ModelyardError("digest-mismatch", { path: "the upload", actual: received.digest, expected });
        await keep(temp, received.digest);
        return received;
      } finally {
        await rm(temp, { force: true });
      }
    },
    async find(digest) {
      const found = await stat(pathOf(digest)).catch(() => undefined);
      return found === undefined ? undefined : { digest, size: found.size };
    },
    async *read(digest) {
      const hash = createHash("sha256");
      // The last bytes are held back until the digest is known: a reader never gets a damaged file to its end.
      let held: Buffer | undefined;
      try {
        for await (const chunk of createReadStream(pathOf(digest), { highWaterMark: 1 << 18 })) {
          hash.update(chunk as Buffer);
          if (held !== undefined) yield held;
          held = chunk as Buffer;
        }
      } catch (error) {
        const isLost = (error as NodeJS.ErrnoException).code === "ENOENT";
        throw isLost ? new ModelyardError("blob-not-found", { digest }, { cause: error }) : error;
      }
      const actual = hash.digest("hex");
      if (actual !== digest) throw new ModelyardError("digest-mismatch", { path: digest, actual, expected: digest });
      if (held !== undefined) yield held;
    },
    async *list() {
      for (const prefix of await readdir(join(folder, "sha256")).catch(() => [])) {
        for (const digest of await readdir(join(folder, "sha256", prefix))) {
          const { mtimeMs } = await stat(join(folder, "sha256", prefix, digest));
          yield { digest, storedAt: mtimeMs };
        }
      }
    },
    remove: (digest) => rm(pathOf(digest), { force: true }),
    async clean() {
      await rm(uploads, { recursive: true, force: true });
      await mkdir(join(folder, "sha256"), { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK);
    },
  };
}
