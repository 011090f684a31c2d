import { Worker } from "node:worker_threads";
import type { Log } from "../kernel/log.ts";
import type { Turns } from "../kernel/turns.ts";
import type { Ingest } from "../monitor/collect/ingest.ts";
import type { FromIngest, IngestSettings, ToIngest } from "./ingest-messages.ts";

export interface IngestThread extends Ingest {
  /** Ends it between two transactions. */
  stop(): Promise<void>;
}

interface Running {
  worker: Worker;
  waiting: Map<number, { resolve(): void; reject(error: Error): void }>;
  /** Ends its turn to write. */
  leave(): void;
  ended: boolean;
}

/** Ingest in a thread with a connection of its own, which writes when `turns` lets it. A thread that dies is started again when it is needed next. */
export function ingestThread(program: string, settings: IngestSettings, turns: Turns, log: Log): IngestThread {
  let running: Running | undefined;
  let last = 0;
  const start = (): Running => {
    const worker = new Worker(program, { workerData: settings });
    const one: Running = { worker, waiting: new Map(), leave: () => {}, ended: false };
    worker.on("message", (message: FromIngest) => {
      if (message.kind === "want") void turns(() => giveTurn(one));
      else if (message.kind === "left") one.leave();
      else settle(one, message);
    });
    worker.on("error", (error) => log.error({ error: error.stack }, "the thread of ingest met a bug"));
    worker.on("exit", () => end(one));
    return one;
  };
  const end = (one: Running) => {
    one.ended = true;
    if (running === one) running = undefined;
    one.leave();
    for (const { reject } of one.waiting.values()) reject(new Error("the thread of ingest ended"));
  };
  return {
    catchUp: ({ unhurried = false } = {}) =>
      new Promise((resolve, reject) => {
        running ??= start();
        last += 1;
        running.waiting.set(last, { resolve, reject });
        send(running, { kind: "catch-up", id: last, unhurried });
      }),
    stop: async () => {
      const one = running;
      // who waits now is told nothing: all of the server ends
      one?.waiting.clear();
      await turns(async () => void (await one?.worker.terminate()));
    },
  };
}

const send = ({ worker }: Running, message: ToIngest) => worker.postMessage(message);

/** Comes back when its transaction has ended, or it has. */
const giveTurn = (one: Running): Promise<void> =>
  new Promise((resolve) => {
    if (one.ended) return resolve();
    one.leave = resolve;
    send(one, { kind: "turn" });
  });

function settle({ waiting }: Running, { id, error }: Extract<FromIngest, { kind: "done" }>): void {
  const call = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) call?.resolve();
  else call?.reject(Object.assign(new Error(error.message), { stack: error.stack, code: error.code }));
}
