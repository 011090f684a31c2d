import { Socket } from "node:net";
import { expect, test } from "vitest";
import { makeHearAgain } from "../../src/host/http/hear-again.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("those who were refused are heard again in their order, some in each turn of the event loop, however many they are", async () => {
  const hearAgain = makeHearAgain();
  const sockets = Array.from({ length: 600 }, () => new Socket());
  for (const socket of sockets) hearAgain(socket);
  const silent = () => sockets.map((socket) => socket.isPaused());
  expect(silent().every(Boolean)).toBe(true);
  await turn();
  const afterOne = silent();
  const heard = afterOne.indexOf(true);
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThan(600);
  expect(afterOne.slice(heard).every(Boolean)).toBe(true);
  for (let turns = 0; turns < 10; turns += 1) await turn();
  expect(silent().some(Boolean)).toBe(false);
  for (const socket of sockets) socket.destroy();
});
