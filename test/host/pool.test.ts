import { expect, test } from "vitest";
import { manyRequests } from "../../src/host/batch.ts";
import type { Worker } from "../../src/host/engines/worker.ts";
import { makePool } from "../../src/host/pool.ts";

/** Answers a frame as soon as it has one, and notes how many requests each had. */
function quickWorker(): { worker: Worker; frames: number[] } {
  const frames: number[] = [];
  const worker: Worker = {
    pid: null,
    started: new Promise(() => {}),
    ended: new Promise(() => {}),
    score: async (items) => {
      frames.push(items.length);
      return items.map(({ id }) => ({
        head: { id, kind: "json", status: "ok", size: 0 },
        body: Buffer.alloc(0),
        pieces: undefined,
      }));
    },
    interrupt: () => {},
    stop: async () => {},
    kill: () => {},
  };
  return { worker, frames };
}

const spend = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test("requests that come for long in one turn of the event loop do not wait for its end, those of a short one go together", async () => {
  const { worker, frames } = quickWorker();
  const pool = makePool({
    ...{ service: "busy", revision: 1, limits: manyRequests, queueLimit: 1000, recoverMs: 1000 },
    ...{ onIdle: () => {}, onFrame: () => {}, onInferred: () => {} },
  });
  pool.attach(worker, null);
  await new Promise((resolve) => setImmediate(resolve));
  const submit = (id: string) => {
    const work = {
      id,
      input: { kind: "json", method: "predict", rows: 1 } as const,
      body: Buffer.alloc(0),
      headers: () => ({}),
    };
    return pool.submit(work, { timeoutMs: 60_000 }, 0);
  };
  const short = [submit("1"), submit("2"), submit("3")];
  expect(frames).toEqual([]);
  await Promise.all(short);
  expect(frames).toEqual([3]);

  const long = [submit("4"), submit("5")];
  spend(20);
  long.push(submit("6"));
  expect(frames).toEqual([3, 3]);
  await Promise.all(long);
});
