import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { makePace } from "../../src/kernel/pace.ts";

const hour = 3_600_000;
/** Rests for an hour and more after each part, unless it is in a hurry. */
const slow = () => makePace({ rests: hour, patienceMs: 100 * hour });
const partsOf = async (rest: () => Promise<void>, done: number[]) => {
  for (const part of [1, 2, 3]) {
    await sleep(5);
    await rest();
    done.push(part);
  }
};

test("work that rests goes on at once when somebody waits for its end", async () => {
  const pace = slow();
  const done: number[] = [];
  const resting = partsOf(pace.begin(), done);
  await sleep(50);
  expect(done).toEqual([]);
  await pace.hurry(() => resting);
  expect(done).toEqual([1, 2, 3]);
});

test("work that somebody waits for never rests, and after it others do again", async () => {
  const pace = slow();
  const done: number[] = [];
  await pace.hurry(() => partsOf(pace.begin(), done));
  expect(done).toEqual([1, 2, 3]);
  const later: number[] = [];
  const resting = partsOf(pace.begin(), later);
  await sleep(50);
  expect(later).toEqual([]);
  await expect(pace.hurry(() => Promise.reject(new Error("the disk is full")))).rejects.toThrow("full");
  await pace.hurry(() => resting);
  expect(later).toEqual([1, 2, 3]);
});

test("work that takes longer than it may comes to its end without a rest", async () => {
  const done: number[] = [];
  await partsOf(makePace({ rests: hour, patienceMs: 20 }).begin(), done);
  expect(done).toEqual([1, 2, 3]);
});
