import { expect, test } from "vitest";
import { batchSize, manyRequests } from "../../src/host/batch.ts";
import type { WorkerInput } from "../../src/host/engines/worker-frames.ts";

test("a frame ends where it has rows enough, whether they travel as numbers or as JSON; a request that is no table is one", () => {
  const sizeOf = (input: WorkerInput) => {
    const work = { id: "a", input, body: Buffer.alloc(8), headers: () => ({}) };
    return batchSize(
      Array.from({ length: 20 }, () => ({ work })),
      { ...manyRequests, rows: 10 },
    );
  };
  expect(sizeOf({ kind: "rows", method: "predict", shape: [3, 1] })).toBe(3);
  expect(sizeOf({ kind: "json", method: "predict", rows: 3 })).toBe(3);
  expect(sizeOf({ kind: "json", method: "predict", rows: 30 })).toBe(1);
  expect(sizeOf({ kind: "text" })).toBe(10);
});
