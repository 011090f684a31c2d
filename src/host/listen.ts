import { chmod, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ModelyardError } from "../contract/errors.ts";
import { readTextIfAny, writeFileAtomic } from "../kernel/files.ts";
import { portHolder } from "../kernel/port-holder.ts";

/**
 * Listens on the scoring port and returns it. Port 0 takes any free one, keeps it in `memory` and takes the same at the next
 * start, unless somebody else has it by then. Error: port-taken, for a port that was asked for.
 */
export async function listenOnPort(server: Server, port: number, address: string, memory: string): Promise<number> {
  if (port !== 0) return tryPort(server, port, address);
  const kept = Number.parseInt((await readTextIfAny(memory)) ?? "", 10);
  if (Number.isInteger(kept)) {
    try {
      return await tryPort(server, kept, address);
    } catch (error) {
      if (!(error instanceof ModelyardError)) throw error;
    }
  }
  const taken = await tryPort(server, 0, address);
  await writeFileAtomic(memory, `${taken}\n`);
  return taken;
}

async function tryPort(server: Server, port: number, address: string): Promise<number> {
  try {
    await listening(server, () => server.listen(port, address, 4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new ModelyardError("port-taken", {
      port,
      holder: portHolder(port) ?? "another process",
      variable: "MODELYARD_SCORING_PORT",
    });
  }
  return (server.address() as AddressInfo).port;
}

/** Linux: `sun_path` has 108 bytes with the final zero (unix(7)); Node would cut a longer path without a word. */
const longestSocketPath = 107;

/** Listens on a Unix socket only its owner can open. The caller holds the folder's lock, so an old socket there is dead. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > longestSocketPath)
    throw new ModelyardError("not-supported", {
      what: `The path ${path} is too long for a Unix socket`,
      instead: `Choose a folder for MODELYARD_HOME so that it has at most ${longestSocketPath} bytes.`,
    });
  await rm(path, { force: true });
  await listening(server, () => server.listen(path));
  await chmod(path, 0o600);
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      server.off("error", settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    server.once("error", settle);
    server.once("listening", () => settle());
    listen();
  });
}
