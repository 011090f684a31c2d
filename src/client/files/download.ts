import type { BytesAnswer } from "../../contract/operation.ts";
import type { Client } from "../client.ts";
import { makePatience, type TransferOptions } from "../patience.ts";

/** A file of a version. */
interface WantedFile {
  name: string;
  version: number;
  path: string;
  /** Bytes. */
  size: number;
}

/** The bytes of a file of a version, as downloadResumed gives them. */
export const downloadBytes = (
  client: Client,
  { name, version, path, size }: WantedFile,
  options: TransferOptions,
): AsyncGenerator<Uint8Array> =>
  downloadResumed(
    (from) => client.downloadFile({ name, version, path }, { signal: options.signal, from }),
    { path, size },
    options,
  );

/** The bytes that `ask` answers from one on. A connection that breaks is taken up again where it broke; nothing is verified here. */
export async function* downloadResumed(
  ask: (from: number) => Promise<BytesAnswer>,
  { path, size }: Pick<WantedFile, "path" | "size">,
  options: TransferOptions,
): AsyncGenerator<Uint8Array> {
  const goOn = makePatience({ path, size }, options);
  for (let received = 0; ; ) {
    try {
      for await (const chunk of (await ask(received)).body) {
        received += chunk.length;
        options.onBytes?.({ path, size }, received);
        yield chunk;
      }
      return;
    } catch (failure) {
      if (received === size) throw failure; // all is here, and the server says that it is damaged
      await goOn(failure, received);
    }
  }
}
