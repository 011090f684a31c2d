import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Who listens on a TCP port of this machine, as "name (pid 123)", or undefined when it cannot be told: no /proc, or a process
 * of another user. Reads /proc/net/tcp{,6} (proc_pid_net(5)) and the descriptors of the processes.
 */
export function portHolder(port: number): string | undefined {
  const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) => listenersIn(path, port)));
  if (sockets.size === 0) return undefined;
  for (const pid of namesIn("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of namesIn(`/proc/${pid}/fd`)) {
      if (sockets.has(linkOf(`/proc/${pid}/fd/${descriptor}`))) return `${nameOf(pid)} (pid ${pid})`;
    }
  }
  return undefined;
}

/** The sockets that listen on the port, as descriptors link to them: `socket:[inode]`. */
function listenersIn(path: string, port: number): string[] {
  const listening = "0A";
  return readText(path)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && Number.parseInt(local?.split(":")[1] ?? "", 16) === port)
    .map((fields) => `socket:[${fields[9]}]`);
}

function nameOf(pid: string): string {
  const words = readText(`/proc/${pid}/cmdline`).split("\0").filter(Boolean);
  return words.slice(0, 3).join(" ").slice(0, 100) || readText(`/proc/${pid}/comm`).trim();
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
