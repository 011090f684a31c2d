import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../src/client/client.ts";
import { processStartTime } from "../../src/kernel/process-identity.ts";

export interface HomeProcess {
  pid: number;
  command: string;
}

/** Every running process whose command line or environment names the home: servers, hosts, workers, builds. */
export function processesOf(home: string): HomeProcess[] {
  const found: HomeProcess[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = textOf(`/proc/${pid}/cmdline`);
    const isOurs = command.includes(home) || textOf(`/proc/${pid}/environ`).includes(home);
    if (isOurs && processStartTime(pid) !== null) found.push({ pid, command: command.replaceAll("\0", " ").trim() });
  }
  return found;
}

/** The processes of the home that the running server does not answer for. */
export async function strayProcesses(home: string, server: { pid: number; client: Client }): Promise<HomeProcess[]> {
  const owned = new Set([server.pid, supervisorPid(home), hostPid(home)]);
  const { items } = await server.client.listServices({ pageSize: 100 });
  for (const { name } of items)
    for (const { pid } of (await server.client.getService({ name })).replicas) if (pid !== null) owned.add(pid);
  return processesOf(home).filter(({ pid }) => !owned.has(pid) && !descendsFrom(pid, server.pid));
}

export const supervisorPid = (home: string): number =>
  Number.parseInt(textOf(join(home, "host", "supervisor.pid")), 10);

export function hostPid(home: string): number {
  const text = textOf(join(home, "host", "host.json"));
  return text === "" ? 0 : (JSON.parse(text) as { pid: number }).pid;
}

/** Whether a process was started by another, directly or not (proc(5), field 4 of /proc/<pid>/stat). */
function descendsFrom(pid: number, ancestor: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  return parent > 1 && (parent === ancestor || descendsFrom(parent, ancestor));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
