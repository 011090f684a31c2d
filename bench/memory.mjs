// What an idle Modelyard takes: the proportional set size of its processes, without the worker, which is mostly the
// model's own libraries.
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf } from "./home.mjs";
import { commandOf, othersOfNode, pss } from "./processes.mjs";

/** Bytes by process after `idleMs` without a request, of a home that was just started with one service. */
export async function measureMemory(home, { idleMs, say }) {
  say(`memory: ${idleMs / 1000} s idle`);
  await sleep(idleMs);
  const pids = await processesOf(home);
  const bytes = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, pss(pid)]));
  const others = othersOfNode(Object.values(pids)).map((pid) => commandOf(pid).slice(0, 3).join(" "));
  return { ...bytes, withoutWorker: bytes.server + bytes.host + bytes.supervisor, others };
}
