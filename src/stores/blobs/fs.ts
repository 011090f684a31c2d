import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, chmod, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import { syncFolder } from "../../kernel/files.ts";
import type { BlobStore } from "../../register/ports.ts";
import { partialUploads } from "./partials.ts";
import { uploadParts } from "./parts.ts";
import { readFile } from "./read-file.ts";
import { receive } from "./receive.ts";

/**
 * Content-addressed blobs in a folder: `sha256/ab/<digest>`. Bytes go to a file elsewhere, are hashed on the way, synced and
 * renamed, so that a blob is either whole or not there; the same bytes are stored once.
 */
export function fsBlobStore(folder: string): BlobStore & { clean(): Promise<void> } {
  const uploads = join(folder, "uploads");
  const pathOf = (digest: string) => join(folder, "sha256", digest.slice(0, 2), digest);

  /** Makes a synced file visible at its place. */
  async function place(file: string, path: string): Promise<void> {
    await chmod(file, 0o400);
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    await syncFolder(dirname(path));
  }

  /** Keeps a stream at the place that its digest gives, whole or not at all. */
  async function store(source: AsyncIterable<Uint8Array>, placeOf: (digest: string) => string) {
    await mkdir(uploads, { recursive: true });
    const temp = join(uploads, randomBytes(8).toString("hex"));
    try {
      const received = await receiveInto(temp, source);
      await place(temp, placeOf(received.digest));
      return received;
    } finally {
      await rm(temp, { force: true });
    }
  }

  return {
    pathOf,
    async find(digest) {
      const found = await stat(pathOf(digest)).catch(() => undefined);
      return found === undefined ? undefined : { digest, size: found.size };
    },
    put: (source, expected) =>
      store(source, (actual) => {
        if (expected !== undefined && actual !== expected)
          throw new ModelyardError("digest-mismatch", { path: "the upload", actual, expected });
        return pathOf(actual);
      }),
    partials: partialUploads(join(folder, "partial"), (path, digest) => place(path, pathOf(digest))),
    parts: uploadParts(join(folder, "parts"), store),
    read: (digest, range) => readFile(pathOf(digest), digest, range),
    async *list() {
      for (const prefix of await readdir(join(folder, "sha256")).catch(() => [])) {
        for (const digest of await readdir(join(folder, "sha256", prefix))) {
          const { mtimeMs } = await stat(join(folder, "sha256", prefix, digest));
          yield { digest, storedAt: mtimeMs };
        }
      }
    },
    async renew(digest) {
      const now = new Date();
      await utimes(pathOf(digest), now, now).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error; // whoever looks next sees that it is not there
      });
    },
    async remove(digest, unlessSince) {
      const found = await stat(pathOf(digest)).catch(() => undefined);
      if (found === undefined || found.mtimeMs >= unlessSince) return false;
      await rm(pathOf(digest), { force: true });
      return true;
    },
    async clean() {
      await rm(uploads, { recursive: true, force: true });
      await mkdir(join(folder, "sha256"), { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK);
    },
  };
}

async function receiveInto(path: string, source: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
  const hash = createHash("sha256");
  const handle = await open(path, "wx", 0o600);
  try {
    const { bytes, broken } = await receive(handle, source, hash);
    if (broken !== undefined) throw broken;
    await handle.sync();
    return { digest: hash.digest("hex"), size: bytes };
  } finally {
    await handle.close();
  }
}
