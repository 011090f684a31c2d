import { availableParallelism } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { makeStayAwake } from "../../src/host/stay-awake.ts";

describe.skipIf(availableParallelism() === 1)("staying awake", () => {
  let at = 0;

  /** How often it looks in a wait of 0.3 ms, when each look takes `stepMs` and it is over with the third. */
  async function looksOf(stayAwake: ReturnType<typeof makeStayAwake>, stepMs: number): Promise<number> {
    let looks = 0;
    stayAwake(0.3, () => ++looks === 3);
    for (let count = 0; count < 5; count += 1) {
      at += stepMs;
      await turn();
    }
    return looks;
  }
  const made = () => makeStayAwake(() => at);

  it("ends with what is waited for, and with its time", async () => {
    const stayAwake = made();
    expect([await looksOf(stayAwake, 0.01), await looksOf(stayAwake, 0.16)]).toEqual([3, 1]);
  });

  it("rests after a wait in vain, twice as long as the last time, up to a limit", async () => {
    const stayAwake = made();
    for (const rest of [10, 20, 40, 80, 160, 300, 300]) {
      const begun = at;
      // what it waits for is over by then, too late
      expect(await looksOf(stayAwake, 3)).toBe(0);
      at = begun + 3 + rest - 1;
      expect(await looksOf(stayAwake, 0.01)).toBe(0);
      at += 1;
    }
  });

  it("lets what was saved pay for waits in vain, and makes the next rest short", async () => {
    const stayAwake = made();
    for (let wait = 0; wait < 2; wait += 1) {
      await looksOf(stayAwake, 3);
      at += 50;
    }
    for (let wait = 0; wait < 100; wait += 1) expect(await looksOf(stayAwake, 0.01)).toBe(3);
    // 3.02 ms
    for (let wait = 0; wait < 10; wait += 1) expect(await looksOf(stayAwake, 0.151)).toBe(1);
    expect(await looksOf(stayAwake, 0.01)).toBe(0);
    at += 11;
    expect(await looksOf(stayAwake, 0.01)).toBe(3);
  });
});
