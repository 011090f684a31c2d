import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ModelyardError } from "../../contract/errors.ts";
import { isDiskFull } from "../../contract/known-error.ts";
import { sha256 } from "../../kernel/hash.ts";
import type { PartialId, PartialUploads } from "../../register/ports.ts";
import { receive } from "./receive.ts";

/** How far a partial has been hashed, so that going on does not read it again while this process lives. */
interface Hashed {
  hash: Hash;
  bytes: number;
}

/** The upload that writes a partial now. */
interface Writer {
  body: Readable;
  ended: Promise<unknown>;
}

const nameOf = ({ owner, digest }: PartialId): string => `${sha256(owner).slice(0, 16)}-${digest}`;

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

/**
 * Uploads that go on after a break, one file each: `<owner>-<digest>`. What is in the file is what arrived; nothing else is kept.
 * `keep` makes a whole file the blob of its digest.
 */
export function partialUploads(folder: string, keep: (path: string, digest: string) => Promise<void>): PartialUploads {
  const writers = new Map<string, Writer>();
  const hashes = new Map<string, Hashed>();

  /** The latest request writes a partial alone. One that still runs is ended: its connection may be dead without anybody noticing. */
  async function alone<Result>(name: string, body: Readable, work: () => Promise<Result>): Promise<Result> {
    for (let other = writers.get(name); other !== undefined; other = writers.get(name)) {
      other.body.destroy();
      await other.ended;
    }
    const result = work();
    writers.set(name, { body, ended: result.catch(() => {}) });
    try {
      return await result;
    } finally {
      writers.delete(name);
    }
  }

  async function discard(name: string): Promise<void> {
    hashes.delete(name);
    await rm(join(folder, name), { force: true });
  }

  /** Hashes what is in the file and was not hashed by this process, until the sender goes away. */
  async function hashedUntil(name: string, end: number, body: Readable): Promise<Hashed> {
    const known = hashes.get(name);
    const hashed = known !== undefined && known.bytes <= end ? known : { hash: createHash("sha256"), bytes: 0 };
    hashes.set(name, hashed);
    if (hashed.bytes === end) return hashed;
    const range = { start: hashed.bytes, end: end - 1, highWaterMark: 1 << 20 };
    for await (const chunk of createReadStream(join(folder, name), range)) {
      hashed.hash.update(chunk as Buffer);
      hashed.bytes += (chunk as Buffer).length;
      if (body.destroyed) break;
    }
    return hashed;
  }

  /** Appends the body; gives the bytes that are in the file then. A disk that it filled is freed again; a body that is too long costs all. */
  async function append(name: string, { offset, size }: { offset: number; size: number }, body: Readable) {
    const handle = await open(join(folder, name), "a", 0o600);
    try {
      const hashed = await hashedUntil(name, offset, body);
      if (hashed.bytes < offset) return offset;
      hashed.bytes += (await receive(handle, body, hashed.hash, size - offset)).bytes;
      await handle.sync();
      return hashed.bytes;
    } catch (error) {
      hashes.delete(name); // what was hashed and what was written may differ now
      if (isDiskFull(error) || error instanceof ModelyardError) await discard(name);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async function takeIn(id: PartialId, from: { offset: number; size: number }, body: Readable) {
    const { digest } = id;
    const { offset, size } = from;
    const name = nameOf(id);
    const path = join(folder, name);
    const incomplete = (received: number) => new ModelyardError("upload-incomplete", { digest, size, received });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const before = await sizeOf(path);
    if (offset !== before) throw incomplete(before);
    await refuseWithoutRoom(folder, size - offset);
    const received = await append(name, from, body);
    if (received < size) throw incomplete(received);
    const actual = hashes.get(name)?.hash.digest("hex");
    hashes.delete(name);
    if (actual !== digest) {
      await discard(name);
      throw new ModelyardError("digest-mismatch", { path: "the upload", actual, expected: digest });
    }
    await keep(path, digest);
    return { digest, size };
  }

  return {
    async received(id) {
      const name = nameOf(id);
      const writer = writers.get(name);
      if (writer?.body.destroyed) await writer.ended; // it is keeping what came before the break
      return sizeOf(join(folder, name));
    },
    append(id, from, source) {
      const body = source instanceof Readable ? source : Readable.from(source);
      return alone(nameOf(id), body, () => takeIn(id, from, body));
    },
    async removeOlderThan(time) {
      for (const name of await readdir(folder).catch(() => [])) {
        const found = await stat(join(folder, name)).catch(() => undefined);
        if (found !== undefined && found.mtimeMs < time && !writers.has(name)) await discard(name);
      }
    },
  };
}

/** An upload that does not fit is refused before its bytes are sent. A file system that does not tell its size is not asked. */
async function refuseWithoutRoom(folder: string, bytes: number): Promise<void> {
  const { blocks, bavail, bsize } = await statfs(folder);
  if (blocks > 0 && bavail * bsize < bytes) throw new ModelyardError("disk-full");
}
