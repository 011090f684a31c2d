import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";

/** Where the bytes of files are kept, under their SHA-256. */
export interface BlobStore {
  /** Stores a stream; refuses with digest-mismatch when `expected` differs. Leaves nothing visible when it fails. */
  put(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; size: number }>;
  find(digest: string): Promise<{ digest: string; size: number } | undefined>;
  /** The bytes; ends with digest-mismatch when what is stored was damaged. */
  read(digest: string): AsyncIterable<Uint8Array>;
  /** A path on this machine where the bytes can be read. */
  pathOf(digest: string): string;
  list(): AsyncIterable<{ digest: string; storedAt: number }>;
  remove(digest: string): Promise<void>;
}

/** What the use step knows of a version; filled in main, so that register never imports use. */
export interface UsesOfVersions {
  /** Services that run an image with this version now. */
  servicesOf(name: string, version: number): Promise<string[]>;
  /** Services that run these images now. */
  servicesOfImages(digests: readonly string[]): Promise<string[]>;
  /** Lets everything that names the versions of a model name them by its new name, in the given transaction. */
  renameModel(tx: Db, from: string, to: string): Promise<void>;
  /** Removes the images that hold this version, which no service runs, in the given transaction; gives their digests. */
  removeUnusedImages(tx: Db, name: string, version: number): Promise<string[]>;
}

export interface RegisterPorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
  uses: UsesOfVersions;
}
