import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Log } from "../kernel/log.ts";
import type { GatheredPart } from "../monitor/collect/gather-part.ts";

/** What the thread that gathers is given when it starts. */
export interface GatherSettings {
  database: string;
  logLevel: string | undefined;
}

/** Whole entries of a part of a segment; what they come to goes to `reply`, as a `Gathered`. */
export interface ToGather {
  part: Uint8Array;
  reply: MessagePort;
}
export type Gathered = { gathered: GatheredPart } | { error: string };

/** A thread costs some megabytes: it goes when there was nothing to do for as long. */
const idleMs = 60_000;

/**
 * Gathers (`gatherPart`) in a thread of its own, so that a long spool has two cores: one decodes and counts, one writes. It is started when it is needed,
 * and again after it died; what it had then fails.
 */
export function gatherThread(
  program: string,
  settings: GatherSettings,
  log: Log,
): (part: Buffer) => Promise<GatheredPart> {
  let worker: Worker | undefined;
  const idle = setTimeout(() => void worker?.terminate(), idleMs).unref();
  const start = (): Worker => {
    const one = new Worker(program, { workerData: settings });
    one.on("error", (error) => log.error({ error: error.stack }, "the thread that gathers met a bug"));
    one.on("exit", () => {
      if (worker === one) worker = undefined;
    });
    return one;
  };
  return (part) => {
    worker ??= start();
    idle.refresh();
    return ask(worker, part);
  };
}

function ask(worker: Worker, part: Uint8Array): Promise<GatheredPart> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.once("message", (answer: Gathered) => {
      if ("gathered" in answer) resolve(answer.gathered);
      else reject(new Error(answer.error));
      port1.close();
    });
    port1.once("close", () => reject(new Error("the thread that gathers ended")));
    worker.postMessage({ part, reply: port2 }, [port2]);
  });
}
