import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { ModelyardError } from "../contract/errors.ts";
import { listening } from "../kernel/listen.ts";

/** Linux: `sun_path` has 108 bytes with the final zero (unix(7)); Node would cut a longer path without a word. */
const longestSocketPath = 107;

/** Listens on a Unix socket only its owner can open, in this process alone. The caller holds the folder's lock, so an old socket there is dead. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > longestSocketPath)
    throw new ModelyardError("not-supported", {
      what: `The path ${path} is too long for a Unix socket`,
      instead: `Choose a folder for MODELYARD_HOME so that it has at most ${longestSocketPath} bytes.`,
    });
  await rm(path, { force: true });
  await listening(server, () => server.listen({ path, exclusive: true }));
  await chmod(path, 0o600);
}
