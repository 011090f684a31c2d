import type { Client } from "../client.ts";
import { makePatience, type TransferOptions } from "./patience.ts";

/** A file of a version. */
interface WantedFile {
  name: string;
  version: number;
  path: string;
  /** Bytes. */
  size: number;
}

/** The bytes of a file of a version. A connection that breaks is taken up again where it broke; nothing is verified here. */
export async function* downloadBytes(
  client: Client,
  { name, version, path, size }: WantedFile,
  options: TransferOptions,
): AsyncGenerator<Uint8Array> {
  const { signal, onBytes } = options;
  const goOn = makePatience({ path, size }, options);
  for (let received = 0; ; ) {
    try {
      const answer = await client.downloadFile({ name, version, path }, { signal, from: received });
      for await (const chunk of answer.body) {
        received += chunk.length;
        onBytes?.({ path, size }, received);
        yield chunk;
      }
      return;
    } catch (failure) {
      if (received === size) throw failure; // all is here, and the server says that it is damaged
      await goOn(failure, received);
    }
  }
}
