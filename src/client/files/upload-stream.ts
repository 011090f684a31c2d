import { ModelyardError } from "../../contract/errors.ts";
import type { Client } from "../client.ts";
import type { TransferOptions } from "../patience.ts";

/** Bytes on their way: what they are called, and how many and which ones they should be, when that is known. */
export interface Transfer {
  path: string;
  bytes: AsyncIterable<Uint8Array>;
  size?: number | undefined;
  digest?: string | undefined;
}

/** Whether the server has these bytes. */
export async function isThere(client: Client, digest: string, signal?: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.findBlob({ digest }, { signal });
    return true;
  } catch (error) {
    if (error instanceof ModelyardError && error.code === "blob-not-found") return false;
    throw error;
  }
}

/**
 * Uploads bytes as they come, which cannot be read again after a break; a failure of their source is thrown as it was, not as one
 * of the connection. Throws source-unreadable when they are more or fewer than they should be.
 */
export async function uploadStream(
  client: Client,
  { path, bytes, size, digest }: Transfer,
  { signal, onBytes }: TransferOptions = {},
): Promise<{ digest: string; size: number }> {
  let failure: unknown;
  async function* watched() {
    let sent = 0;
    try {
      for await (const chunk of bytes) {
        sent += chunk.length;
        if (sent > (size ?? sent)) break;
        onBytes?.({ path, size }, sent);
        yield chunk;
      }
      if (sent !== (size ?? sent)) throw wrongSize(path, sent, size);
      onBytes?.({ path, size: sent }, sent);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  try {
    return await client.uploadBlob({ digest }, { body: watched(), size, signal });
  } catch (error) {
    throw failure ?? error;
  }
}

const wrongSize = (path: string, sent: number, size = 0): ModelyardError => {
  const reason = `it has ${sent > size ? "more than " : `${sent} of `}${size} bytes`;
  return new ModelyardError("source-unreadable", { source: path, reason });
};
