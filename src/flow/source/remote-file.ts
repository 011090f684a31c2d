/** A file at a source that is not on this machine. */
export interface RemoteFile {
  /** Its path in the version. */
  path: string;
  /** Bytes, when they are known before. */
  size: number | undefined;
  /** Reads it; once. */
  bytes(): AsyncIterable<Uint8Array>;
}
