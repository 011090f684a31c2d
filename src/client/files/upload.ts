import { createReadStream } from "node:fs";
import { ModelyardError } from "../../contract/errors.ts";
import type { FileEntry } from "../../contract/operation.ts";
import type { Client } from "../client.ts";
import type { TransferOptions } from "../patience.ts";
import { resumeUpload } from "../resume-upload.ts";
import type { HashedFile } from "./local-files.ts";

/**
 * Uploads the files whose bytes the server does not have yet; gives the entries to register them with. An upload that broke off, now
 * or in another process, goes on where it stands. A server that does not answer the first question is told at once.
 */
export async function uploadMissing(
  client: Client,
  files: readonly HashedFile[],
  options: TransferOptions = {},
): Promise<FileEntry[]> {
  const reached = { server: false };
  const known = new Set<string>();
  for (const file of files) {
    if (known.has(file.digest)) continue;
    known.add(file.digest);
    await resumeUpload(client, file, (offset) => sendFrom(client, file, offset, options), reached, options);
  }
  return files.map(({ path, digest, size }) => ({ path, digest, size }));
}

/** Sends the bytes of a file from an offset on. What goes wrong with the file itself is told as that, not as a broken connection. */
async function sendFrom(
  client: Client,
  { path, source, digest, size }: HashedFile,
  offset: number,
  { signal, onBytes }: TransferOptions,
): Promise<void> {
  let fault: unknown;
  let isOver = false; // fetch goes on reading the body of a request that has failed
  async function* bytes(): AsyncGenerator<Uint8Array> {
    let sent = offset;
    try {
      if (offset < size)
        for await (const chunk of createReadStream(source, { start: offset, end: size - 1, highWaterMark: 1 << 20 })) {
          if (isOver) return;
          sent += (chunk as Buffer).length;
          onBytes?.({ path, size }, sent);
          yield chunk as Uint8Array;
        }
      if (sent < size) throw shorter(path);
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  try {
    await client.uploadBlob({ digest, size, offset }, { body: bytes(), size: size - offset, signal });
  } catch (error) {
    throw fault ?? error;
  } finally {
    isOver = true;
  }
}

const shorter = (path: string) =>
  new ModelyardError("not-supported", {
    what: `${path} became shorter while it was uploaded`,
    instead: "Run the command again when nothing writes to the file.",
  });
