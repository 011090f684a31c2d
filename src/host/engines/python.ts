import type { RevisionLog } from "../revision-log.ts";
import { startHead } from "./start-head.ts";
import type { Worker } from "./worker.ts";
import { type PythonRevision, workerEnvironment } from "./worker-environment.ts";
import { startWorkerProcess, type WorkerProcessPorts } from "./worker-process.ts";

export interface PythonPorts extends WorkerProcessPorts {
  /** The worker's program: a zip or a folder with `__main__.py`. */
  program: string;
  /** Variables of the machine that numerical libraries need. */
  environment: Record<string, string>;
}

/** Starts a worker of a revision in the Python of its image. */
export function startPythonWorker(
  service: string,
  revision: PythonRevision,
  ports: PythonPorts,
  log: RevisionLog,
): Worker {
  const home = ports.runtime.home(service, revision.number);
  const program = {
    argv: [revision.python, ports.program],
    cwd: revision.script?.folder ?? home,
    env: workerEnvironment(service, revision, home, ports.environment),
    start: startHead(service, revision),
    interruptSignal: "SIGUSR1",
    memoryMb: revision.memoryMb,
  } as const;
  return startWorkerProcess(program, ports, log);
}
