import cluster, { type Worker } from "node:cluster";
import type { FrontProcess } from "../host/fronts/front.ts";
import type { FrontStart } from "../host/fronts/start-fronts.ts";
import { closeHandedConnections } from "./handed-connections.ts";

/**
 * Starts this program once more as a host in a folder of its own. `cluster` gives all of them the same port: the first process opens
 * it and hands its connections round.
 */
export function launchFront({ folder, port, grpcPort, number, count, again }: FrontStart): FrontProcess {
  const worker = cluster.fork({
    MODELYARD_HOST_FOLDER: folder,
    MODELYARD_SCORING_PORT: String(port),
    MODELYARD_GRPC_PORT: String(grpcPort),
    MODELYARD_FRONT: String(number),
    MODELYARD_FRONT_COUNT: String(count),
    MODELYARD_FRONT_AGAIN: again ? "1" : "",
  });
  closeHandedConnections(worker.process);
  return { ended: endOf(worker), kill: (signal) => void worker.process.kill(signal) };
}

function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once("error", (error) => resolve(error.message));
    worker.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
