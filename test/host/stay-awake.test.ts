import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { stayAwake } from "../../src/host/stay-awake.ts";

describe.skipIf(availableParallelism() === 1)("staying awake", () => {
  it("ends with what is waited for", async () => {
    let looks = 0;
    stayAwake(600_000, () => ++looks === 3);
    for (let count = 0; count < 10; count += 1) await turn();
    expect(looks).toBe(3);
  });

  it("ends with its time", async () => {
    let looks = 0;
    stayAwake(0, () => {
      looks += 1;
      return false;
    });
    for (let count = 0; count < 10; count += 1) await turn();
    expect(looks).toBe(1);
  });
});
