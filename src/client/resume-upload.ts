import type { Client } from "./client.ts";
import { makePatience, type TransferOptions } from "./patience.ts";

/** A file whose bytes have been read once. */
interface UploadedFile {
  path: string;
  digest: string;
  /** Bytes. */
  size: number;
}

/**
 * Uploads what the server has not yet of a file. `send` sends all from an offset on; when it breaks off, the server is asked again where
 * to go on. While `reached.server` is false, a server that does not answer is told at once.
 */
export async function resumeUpload(
  client: Client,
  file: UploadedFile,
  send: (offset: number) => Promise<unknown>,
  reached: { server: boolean },
  options: TransferOptions,
): Promise<void> {
  const { digest, size } = file;
  const goOn = makePatience(file, options);
  for (let offset = 0; ; ) {
    try {
      const there = await client.getUpload({ digest }, { signal: options.signal });
      reached.server = true;
      if (there.complete) return options.onBytes?.(file, size);
      offset = there.received;
      await send(offset);
      return;
    } catch (failure) {
      if (!reached.server) throw failure;
      await goOn(failure, offset);
    }
  }
}
