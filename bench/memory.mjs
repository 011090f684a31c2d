// What an idle Modelyard takes: the proportional set size of its processes; the worker's is mostly that of the model's own
// libraries. And what host and worker take after a load.
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf } from "./home.mjs";
import { commandOf, memoryOf, othersOfNode } from "./processes.mjs";
import { measure } from "./throughput.mjs";

/** Bytes by process after `idleMs` without a request, of a home that was just started with one service, and of host and worker after a load. */
export async function measureMemory(home, system, { idleMs, compileMs, say }) {
  say(`memory: ${idleMs / 1000} s idle`);
  await sleep(idleMs);
  const pids = await processesOf(home);
  const found = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]));
  const ours = [found.server, found.host, found.supervisor];
  const sumOf = (member) => ours.reduce((sum, memory) => sum + memory[member], 0);
  const others = othersOfNode(Object.values(pids)).map((pid) => commandOf(pid).slice(0, 3).join(" "));
  const idle = found.host.pss + found.worker.pss;
  const { pss: loaded } = await measure(system, { rows: 1, connections: 64 }, 0, 2 * compileMs);
  return { ...found, pss: sumOf("pss"), rss: sumOf("rss"), idle, loaded, others };
}
