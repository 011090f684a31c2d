import cluster, { type Worker } from "node:cluster";
import type { FrontProcess } from "../host/fronts/front.ts";
import type { FrontStart } from "../host/fronts/start-fronts.ts";
import type { TlsPair } from "../kernel/tls-files.ts";
import { closeHandedConnections } from "./handed-connections.ts";

const askForTls = "tls";

/**
 * The TLS pair that the first process has in use, asked by a front. It goes through the channel between the two alone: a private key must stand in no
 * environment, argument or further file. Fronts do not read the files first, which may be half-written when one is started again.
 */
export function askTlsPair(): Promise<TlsPair> {
  return new Promise((resolve) => {
    process.once("message", (pair: TlsPair) => resolve(pair));
    process.send?.(askForTls);
  });
}

/**
 * Starts this program once more as a host in a folder of its own. `cluster` gives all of them the same port: the first process opens
 * it and hands its connections round. `tls` tells the pair that is in use, for a front that asks.
 */
export function launchFront(
  { folder, port, grpcPort, number, count, again }: FrontStart,
  tls?: () => TlsPair,
): FrontProcess {
  const worker = cluster.fork({
    MODELYARD_HOST_FOLDER: folder,
    MODELYARD_SCORING_PORT: String(port),
    MODELYARD_GRPC_PORT: String(grpcPort),
    MODELYARD_FRONT: String(number),
    MODELYARD_FRONT_COUNT: String(count),
    MODELYARD_FRONT_AGAIN: again ? "1" : "",
  });
  closeHandedConnections(worker.process);
  if (tls !== undefined)
    worker.on("message", (message) => {
      // one that died meanwhile needs none: without the callback that would be an error of this process
      if (message === askForTls) worker.send(tls(), () => {});
    });
  return { ended: endOf(worker), kill: (signal) => void worker.process.kill(signal) };
}

function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once("error", (error) => resolve(error.message));
    worker.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
