import { expect, test } from "vitest";
import { silentLog } from "../../src/kernel/log.ts";
import { every, restful } from "../../src/main/background.ts";

test("work that rests takes a twentieth of the time, within the least and the most that it may pause", () => {
  const pause = restful(1000, 3000);
  expect([0, 10, 50, 100, 150, 158, 20_000].map(pause)).toEqual([1000, 1000, 1000, 1900, 2850, 3000, 3000]);
});

test("work is done again after a pause that is told how long it took, also when it failed", async () => {
  const took: number[] = [];
  let stop = () => {};
  await new Promise<void>((resolve) => {
    let rounds = 0;
    const work = async () => {
      await new Promise((done) => setTimeout(done, 20));
      rounds += 1;
      if (rounds === 3) resolve();
      if (rounds === 2) throw new Error("the disk is full");
    };
    const pause = (ms: number) => {
      took.push(ms);
      return 0;
    };
    stop = every(pause, "test", silentLog, work);
  });
  stop();
  expect(took.slice(0, 2).every((ms) => ms > 10)).toBe(true);
});
