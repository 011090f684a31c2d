import type { AddressInfo, Server } from "node:net";
import { ModelyardError } from "../contract/errors.ts";
import { readTextIfAny, writeFileAtomic } from "./files.ts";
import { portHolder } from "./port-holder.ts";

export interface PortRequest {
  port: number;
  address: string;
  /** File that keeps the port taken for 0, so that the next start takes the same. */
  memory: string;
  /** Environment variable that chooses the port, for the error's words. */
  variable: string;
}

/**
 * Listens on a port and returns it. Port 0 takes any free one and keeps to it, unless somebody else has it by then.
 * Errors: port-taken, for a port that was asked for; invalid-input, for what is no port.
 */
export async function listenOnPort(server: Server, request: PortRequest): Promise<number> {
  if (!Number.isInteger(request.port) || request.port < 0 || request.port > 65_535)
    throw new ModelyardError("invalid-input", { problems: `${request.variable} is not a port from 0 to 65535` });
  if (request.port !== 0) return tryPort(server, request.port, request);
  const kept = Number.parseInt((await readTextIfAny(request.memory)) ?? "", 10);
  if (Number.isInteger(kept)) {
    try {
      return await tryPort(server, kept, request);
    } catch (error) {
      if (!(error instanceof ModelyardError)) throw error;
    }
  }
  const taken = await tryPort(server, 0, request);
  await writeFileAtomic(request.memory, `${taken}\n`);
  return taken;
}

async function tryPort(server: Server, port: number, { address, variable }: PortRequest): Promise<number> {
  try {
    await listening(server, () => server.listen(port, address, 4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new ModelyardError("port-taken", { port, holder: portHolder(port) ?? "another process", variable });
  }
  return (server.address() as AddressInfo).port;
}

/** Waits until a server listens, or fails with what kept it from it. */
export function listening(server: Server, listen: () => void): Promise<void> {
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
