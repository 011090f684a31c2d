import type { Collecting } from "../collect/collecting.ts";
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
  /** Where what scripts collect goes. */
  collecting: Collecting;
}

/** Starts a worker of a revision in the Python of its image. */
export function startPythonWorker(
  service: string,
  revision: PythonRevision,
  ports: PythonPorts,
  log: RevisionLog,
): Worker {
  const home = ports.runtime.home(service, revision.number);
  const collector = ports.collecting.enter(service, revision);
  const program = {
    argv: [revision.python, ports.program],
    cwd: revision.script?.folder ?? home,
    env: workerEnvironment(service, revision, home, { ...ports.environment, ...collector.environment }),
    start: startHead(service, revision),
    interruptSignal: "SIGUSR1",
    memoryMb: revision.memoryMb,
    onCollected: collector.take,
    isSending: collector.isSending,
  } as const;
  const worker = startWorkerProcess(program, ports, log);
  void worker.ended.then(collector.leave);
  return worker;
}
