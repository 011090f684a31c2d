// How long a record waits for the server while the host has half of the load that it can take.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../home.mjs";
import { takenBy, watchControlPlane } from "./control-plane.mjs";

/** Thousands of connections, as a pause of the machine would open, are another load: requests that are due wait for one of these. */
const mostConnections = 256;

/** `lags`: twice a second, the seconds since as many were answered as the server has now. */
export async function measureLag(system, server, { perSecond, seconds }) {
  const before = (await takenBy(server)).taken;
  const child = spawn(process.execPath, [join(root, "bench", "ingest", "paced-load.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { port, path, key, requests } = system;
  const load = { port, path, key, requests: requests[1], perSecond, seconds, mostConnections };
  child.stdin.end(JSON.stringify(load));
  const answered = [{ at: performance.now(), count: 0, wrong: 0 }];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [count, wrong] = line.split(" ").map(Number);
    answered.push({ at: performance.now(), count, wrong });
  });
  const control = watchControlPlane(server);
  const lags = [];
  const ended = once(child, "close");
  while (child.exitCode === null) {
    await sleep(500);
    const now = performance.now();
    const count = (await takenBy(server)).taken - before;
    const first = answered.find((one) => one.count > count);
    lags.push(first === undefined ? 0 : (now - first.at) / 1000);
  }
  const [code] = await ended;
  const waits = await control.stop();
  if (code !== 0) throw new Error(`the load ended with ${code}`);
  const last = answered.at(-1);
  const perSecondAnswered = last.count / ((last.at - answered[0].at) / 1000);
  return { lags, control: waits, answered: last.count, wrong: last.wrong, perSecond: perSecondAnswered };
}
