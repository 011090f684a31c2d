import { createReadStream } from "node:fs";
import { ModelyardError } from "../../contract/errors.ts";
import type { FileEntry } from "../../contract/operation.ts";
import type { Client } from "../client.ts";
import type { HashedFile } from "./local-files.ts";

export interface UploadOptions {
  signal?: AbortSignal | undefined;
  /** Told as bytes leave: the file, how many of its bytes are sent. */
  onBytes?: ((file: HashedFile, sent: number) => void) | undefined;
}

/** Uploads the files whose bytes the server does not have yet; gives the entries to register them with. */
export async function uploadMissing(
  client: Client,
  files: readonly HashedFile[],
  options: UploadOptions = {},
): Promise<FileEntry[]> {
  const known = new Set<string>();
  for (const file of files) {
    if (known.has(file.digest)) continue;
    known.add(file.digest);
    if (!(await isThere(client, file.digest, options.signal))) await upload(client, file, options);
  }
  return files.map(({ path, digest, size }) => ({ path, digest, size }));
}

async function isThere(client: Client, digest: string, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.findBlob({ digest }, { signal });
    return true;
  } catch (error) {
    if (error instanceof ModelyardError && error.code === "blob-not-found") return false;
    throw error;
  }
}

async function upload(client: Client, file: HashedFile, options: UploadOptions): Promise<void> {
  async function* bytes() {
    let sent = 0;
    for await (const chunk of createReadStream(file.source, { highWaterMark: 1 << 18 })) {
      sent += (chunk as Buffer).length;
      options.onBytes?.(file, sent);
      yield chunk as Uint8Array;
    }
  }
  await client.uploadBlob({ digest: file.digest }, { body: bytes(), size: file.size, signal: options.signal });
}
