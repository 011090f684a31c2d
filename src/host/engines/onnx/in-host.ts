import { deferred } from "../../deferred.ts";
import type { Worker } from "../worker.ts";
import type { ReadyHead } from "../worker-frames.ts";
import { answerItems } from "./answer-items.ts";
import type { OnnxModel } from "./model.ts";

/** A worker without a process: a model so quick that the host runs it itself. */
export function workerInHost(model: OnnxModel, ready: ReadyHead, log: (line: string) => void): Worker {
  const ended = deferred<string>();
  let over: string | undefined;
  let working: Promise<void> = Promise.resolve();
  const end = (reason: string) => {
    if (over !== undefined) return;
    over = reason;
    ended.resolve(reason);
    void working.finally(() => model.release()).catch(() => {});
  };
  return {
    pid: null,
    started: Promise.resolve({ ready }),
    ended: ended.promise,
    score: async (items, bodies) => {
      if (over !== undefined) throw new Error(over);
      const answers = answerItems(model, items, bodies, log);
      // with nothing in it: a chain that handed on what it waited for would keep every answer there ever was
      const before = working;
      working = answers.then(
        () => before,
        () => before,
      );
      return answers;
    },
    // it is done before anybody could be told
    interrupt: () => {},
    stop: async () => {
      await working;
      end("it was stopped");
    },
    kill: end,
  };
}
