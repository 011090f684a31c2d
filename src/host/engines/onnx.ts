import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { WantedRevision } from "../../contract/host.ts";
import { deferred } from "../deferred.ts";
import type { RevisionLog } from "../revision-log.ts";
import { workerInHost } from "./onnx/in-host.ts";
import { openOnnxModel } from "./onnx/model.ts";
import { startHead } from "./start-head.ts";
import { readVerified } from "./verified-file.ts";
import type { StartOutcome, Worker } from "./worker.ts";
import type { ReadyHead } from "./worker-frames.ts";
import { startWorkerProcess, type WorkerProcessPorts } from "./worker-process.ts";

export interface OnnxPorts extends WorkerProcessPorts {
  /** The worker's program, a file of JavaScript. */
  program: string;
  /** A model that answers a full frame within this time, in milliseconds, is run by the host itself. */
  inHostMs: number;
  /** Variables of the machine that numerical libraries need. */
  environment: Record<string, string>;
}

/** Loading a larger file would hold up the host. */
const smallBytes = 8 * 1024 * 1024;
const leaveMs = 1000;

/**
 * Starts an ONNX model in a process of its own, which measures it. There it stays, unless it is so quick that it delays no other
 * service of the host: then the host takes it over, and the process ends.
 */
export function startOnnxWorker(service: string, revision: WantedRevision, ports: OnnxPorts, log: RevisionLog): Worker {
  const isolated = startIsolated(service, revision, ports, log);
  const ended = deferred<string>();
  let worker = isolated;
  let over = false;
  const endWith = (one: Worker) =>
    void one.ended.then((reason) => {
      if (worker !== one) return;
      over = true;
      ended.resolve(reason);
    });
  const settle = async (outcome: StartOutcome): Promise<StartOutcome> => {
    if (outcome.ready === null) return outcome;
    log.write(`a full frame takes ${outcome.ready.batchMs?.toFixed(2) ?? "an unknown number of"} ms`);
    if (!(await isQuick(revision, outcome.ready, ports.inHostMs))) return outcome;
    const taken = await takeOver(revision, outcome.ready, log);
    if (taken === undefined) return outcome;
    if (over) {
      taken.kill("it was not needed any more");
      return outcome;
    }
    worker = taken;
    endWith(taken);
    void isolated.stop(leaveMs);
    return outcome;
  };
  endWith(isolated);
  return {
    get pid() {
      return worker.pid;
    },
    started: isolated.started.then(settle),
    ended: ended.promise,
    score: (...frame) => worker.score(...frame),
    interrupt: () => worker.interrupt(),
    stop: (graceMs) => worker.stop(graceMs),
    kill: (reason) => worker.kill(reason),
  };
}

function startIsolated(service: string, revision: WantedRevision, ports: OnnxPorts, log: RevisionLog): Worker {
  const home = ports.runtime.home(service, revision.number);
  const program = {
    argv: [process.execPath, ports.program],
    cwd: home,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", HOME: home, ...ports.environment },
    start: startHead(service, revision),
    // a run cannot be interrupted: the worker that does not answer in time is killed
    interruptSignal: null,
    memoryMb: revision.memoryMb,
  } as const;
  return startWorkerProcess(program, ports, log);
}

async function isQuick({ models: [model] }: WantedRevision, { batchMs }: ReadyHead, limitMs: number): Promise<boolean> {
  if (model === undefined || typeof batchMs !== "number" || batchMs > limitMs) return false;
  const found = await stat(join(model.path, model.files[0]?.path ?? "")).catch(() => undefined);
  return found !== undefined && found.size <= smallBytes;
}

/** The model in this process; undefined, with the reason in the log, when that does not work. */
async function takeOver(
  { models: [model] }: WantedRevision,
  ready: ReadyHead,
  log: RevisionLog,
): Promise<Worker | undefined> {
  if (model === undefined) return undefined;
  const title = `model ${model.name}:${model.version}`;
  try {
    const opened = await openOnnxModel(await readVerified(model), model.input);
    log.write(`${title} is so quick that the host runs it itself`);
    return workerInHost(opened, ready, log);
  } catch (error) {
    log.write(`${title} stays in its process: ${(error as Error).message}`);
    return undefined;
  }
}
