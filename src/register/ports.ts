import type { BaselineFile } from "../contract/drift.ts";
import type { ModelSignature } from "../contract/model.ts";
import type { ByteRange } from "../contract/operation.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Db } from "../kernel/db.ts";

/** The upload of a file, told apart by who sends it: nobody goes on with another one's. */
export interface PartialId {
  owner: string;
  digest: string;
}

export interface PartialUploads {
  /** Bytes that are here of an upload; 0 when there is none. */
  received(id: PartialId): Promise<number>;
  /**
   * Takes the bytes from `offset` on, in place of a request for the same upload that still runs. What arrived stays when the
   * stream ends early. All `size` bytes together become the blob of the digest. Throws upload-incomplete when the upload does not
   * stand at `offset` or is not whole afterwards; digest-mismatch, disk-full and invalid-input (more than `size` bytes) cost all.
   */
  append(
    id: PartialId,
    from: { offset: number; size: number },
    source: AsyncIterable<Uint8Array>,
  ): Promise<{ digest: string; size: number }>;
  /** Removes those that nobody touched since a time (epoch ms). */
  removeOlderThan(time: number): Promise<void>;
}

/** A part of a file, counted from 1, with the digest of its bytes. */
export interface UploadPart {
  number: number;
  digest: string;
}

/** The parts of uploads in pieces, by the id of the upload. They come in any order. */
export interface UploadParts {
  put(upload: string, number: number, source: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }>;
  has(upload: string, part: UploadPart): Promise<boolean>;
  /** The bytes of parts one behind the other; ends with digest-mismatch when one was damaged. */
  join(upload: string, parts: readonly UploadPart[]): AsyncIterable<Uint8Array>;
  /** Ids of the uploads that parts are kept of. */
  uploads(): Promise<string[]>;
  remove(upload: string): Promise<void>;
}

/** Where the bytes of files are kept, under their SHA-256. */
export interface BlobStore {
  /** Stores a stream; refuses with digest-mismatch when `expected` differs. Leaves nothing visible when it fails. */
  put(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; size: number }>;
  find(digest: string): Promise<{ digest: string; size: number } | undefined>;
  /** Uploads of whole files that may break off and go on. */
  partials: PartialUploads;
  /** Parts of files that are uploaded in pieces. */
  parts: UploadParts;
  /**
   * All bytes, which ends with digest-mismatch when what is stored was damaged; or a range, which cannot be verified. What is lost is
   * blob-not-found.
   */
  read(digest: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** A path on this machine where the bytes can be read. */
  pathOf(digest: string): string;
  list(): AsyncIterable<{ digest: string; storedAt: number }>;
  /** Lets bytes count as stored just now, so that they are not taken for left over while somebody is about to name them. */
  renew(digest: string): Promise<void>;
  /** Removes bytes that were not stored or renewed since a time, epoch ms; tells whether it did. */
  remove(digest: string, unlessSince: number): Promise<boolean>;
}

/** A file of an image as it stands on the disk of this machine; `size` is what was read of it. */
export interface CopyOfFile {
  image: string;
  path: string;
  size: number;
  problem: "missing" | "damaged" | null;
}

/** What the use step knows of a version; filled in main, so that register never imports use. */
export interface UsesOfVersions {
  /** Services that hold an image with this version now. */
  servicesOf(db: Db, name: string, version: number): Promise<string[]>;
  /** Services that hold these images now. */
  servicesOfImages(digests: readonly string[]): Promise<string[]>;
  /** Reads the files of images where they are laid out for workers; each with how it is. */
  readCopies(): AsyncIterable<CopyOfFile>;
  /** Lets everything that names the versions of a model name them by its new name, in the given transaction. */
  renameModel(tx: Db, from: string, to: string): Promise<void>;
  /** Removes the images of this version, which no service holds, in the given transaction; gives their digests. */
  removeUnusedImages(tx: Db, name: string, version: number, change: { by: string; at: number }): Promise<string[]>;
}

/** What the monitor step knows of data sets; filled in main, so that register never imports monitor. */
export interface DatasetsOfVersions {
  /** A reference as `name@digest` with all digits, in the given transaction. Throws dataset-not-found. */
  pin(tx: Db, reference: string): Promise<string>;
}

/** Profiles what a version was trained on; filled in main, so that register never imports monitor. */
export interface TrainingRows {
  /** Reads an uploaded file, but for the columns with personal data. Throws blob-not-found, invalid-input, also when it has none of the columns that the model names. Gives the way to keep its profile with the version, in its transaction, and the columns that the model does not have. */
  profile(
    file: BaselineFile,
    signature: ModelSignature | null,
    change: { by: string; at: number },
  ): Promise<{ keep(tx: Db, name: string, version: number): Promise<void>; leftOut: string[] }>;
}

export interface RegisterPorts {
  db: Db;
  clock: Clock;
  blobs: BlobStore;
  uses: UsesOfVersions;
  datasets: DatasetsOfVersions;
  training: TrainingRows;
}
