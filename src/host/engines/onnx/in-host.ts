import { deferred } from "../../deferred.ts";
import type { Worker } from "../worker.ts";
import type { ReadyHead } from "../worker-frames.ts";
import { answerItems } from "./answer-items.ts";
import type { OnnxModel } from "./model.ts";

/** A worker without a process: a model so quick that the host runs it itself. */
export function workerInHost(model: OnnxModel, ready: ReadyHead, log: (line: string) => void): Worker {
  const ended = deferred<string>();
  let over: string | undefined;
  let ranInTurn = false;
  const end = (reason: string) => {
    if (over !== undefined) return;
    over = reason;
    ended.resolve(reason);
    model.release();
  };
  return {
    pid: null,
    started: Promise.resolve({ ready }),
    ended: ended.promise,
    score: async (items, bodies) => {
      // a frame may take all the time that a turn of the event loop should
      if (ranInTurn) await new Promise((resolve) => setImmediate(resolve));
      if (over !== undefined) throw new Error(over);
      ranInTurn = true;
      setImmediate(() => {
        ranInTurn = false;
      });
      return answerItems(model, items, bodies, log);
    },
    // it is done before anybody could be told
    interrupt: () => {},
    stop: async () => end("it was stopped"),
    kill: end,
  };
}
