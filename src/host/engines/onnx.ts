import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { WantedRevision } from "../../contract/host.ts";
import { manyRequests } from "../batch.ts";
import { deferred } from "../deferred.ts";
import type { RevisionLog } from "../revision-log.ts";
import { wordless } from "./onnx/answer-items.ts";
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
/** In smaller frames the model would answer less than it can. */
const fewestRows = 64;

/**
 * Starts an ONNX model in a process of its own, which measures it. There it stays, unless it is so quick that it delays no other
 * service of the host: then the host takes it over, in frames that keep it so, and the process ends.
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
    const { batchMs, batchRows } = outcome.ready;
    log.write(`a full frame takes ${batchMs?.toFixed(2) ?? "an unknown number of"} ms`);
    const rows = rowsWithin(ports.inHostMs, batchMs ?? null, batchRows ?? manyRequests.rows);
    if (rows < fewestRows || !(await isSmall(revision))) return outcome;
    const ready = { ...outcome.ready, frameRows: Math.min(rows, outcome.ready.frameRows ?? rows) };
    const taken = await takeOver(revision, ready, log);
    if (taken === undefined) return outcome;
    if (over) {
      taken.kill("it was not needed any more");
      return outcome;
    }
    worker = taken;
    endWith(taken);
    void isolated.stop(leaveMs);
    return { ready };
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

/** How many rows a frame may have that takes no longer than the host may be held up; 0 when the model was not measured. */
const rowsWithin = (limitMs: number, batchMs: number | null, batchRows: number): number =>
  batchMs === null ? 0 : Math.floor(batchRows * Math.min(1, limitMs / batchMs));

async function isSmall({ models: [model] }: WantedRevision): Promise<boolean> {
  if (model === undefined) return false;
  const found = await stat(join(model.path, model.files[0]?.path ?? "")).catch(() => undefined);
  return found !== undefined && found.size <= smallBytes;
}

/** The model in this process; undefined, with the reason in the log, when that does not work. */
async function takeOver(
  { models: [model], quiet }: WantedRevision,
  ready: ReadyHead,
  log: RevisionLog,
): Promise<Worker | undefined> {
  if (model === undefined) return undefined;
  const title = `model ${model.name}:${model.version}`;
  try {
    const opened = await openOnnxModel(await readVerified(model), model.input);
    log.write(`${title} is so quick that the host runs it itself`);
    return workerInHost(opened, ready, quiet === true ? wordless(log.write) : log.write);
  } catch (error) {
    log.write(`${title} stays in its process: ${(error as Error).message}`);
    return undefined;
  }
}
