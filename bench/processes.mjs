import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Linux counts a process's time in ticks of 10 ms (USER_HZ). */
const tickMs = 10;

/** Milliseconds of CPU a process and its threads have used: utime and stime of /proc/<pid>/stat (proc(5)). */
export function cpuMs(pid) {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Milliseconds of CPU everything on this machine has used: all but idle and iowait of /proc/stat. */
export function machineCpuMs() {
  const [user, nice, system, , , irq, softirq] = readFileSync("/proc/stat", "latin1")
    .split("\n", 1)[0]
    .split(/ +/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * tickMs;
}

/** How many cores are in use, seen for `ms` while we do nothing. */
export async function busyCores(ms) {
  const [cpuBefore, begun] = [machineCpuMs(), performance.now()];
  await sleep(ms);
  return (machineCpuMs() - cpuBefore) / (performance.now() - begun);
}

/** The fields of /proc/<pid>/stat behind the name, which may have spaces: state, parent, … */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Bytes of memory in use: `pss` counts private pages and a part of each shared one, `rss` shared ones in full. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const bytesOf = (name) => Number(new RegExp(`^${name}: +(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
  return { pss: bytesOf("Pss"), rss: bytesOf("Rss") };
}

export function commandOf(pid) {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
}

/** Processes with this parent. */
export function childrenOf(parent) {
  return allProcesses().filter((pid) => Number(quietly(() => statOf(pid)[1])) === parent);
}

/** A process with all below it. */
export const treeOf = (pid) => [pid, ...childrenOf(pid).flatMap(treeOf)];

/** Other processes that run the same binary as this one: with them a process shares the binary's pages. */
export function othersOfNode(own) {
  return allProcesses().filter(
    (pid) => !own.includes(pid) && pid !== process.pid && /(^|\/)node$/.test(quietly(() => commandOf(pid)[0]) ?? ""),
  );
}

function allProcesses() {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

/** What a look at a process gives, or undefined when it ended in between. */
function quietly(look) {
  try {
    return look();
  } catch {
    return undefined;
  }
}
