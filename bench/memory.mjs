// What an idle Modelyard takes: the proportional set size of its processes, without the worker, which is mostly the
// model's own libraries.
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf } from "./home.mjs";
import { commandOf, memoryOf, othersOfNode } from "./processes.mjs";

/** Bytes by process after `idleMs` without a request, of a home that was just started with one service. */
export async function measureMemory(home, { idleMs, say }) {
  say(`memory: ${idleMs / 1000} s idle`);
  await sleep(idleMs);
  const pids = await processesOf(home);
  const found = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]));
  const ours = [found.server, found.host, found.supervisor];
  const sumOf = (member) => ours.reduce((sum, memory) => sum + memory[member], 0);
  const others = othersOfNode(Object.values(pids)).map((pid) => commandOf(pid).slice(0, 3).join(" "));
  return { ...found, pss: sumOf("pss"), rss: sumOf("rss"), others };
}
