import { readFileSync } from "node:fs";

/** Bytes of memory a process has in use (proc(5), VmRSS of /proc/<pid>/status); 0 when it does not run, or there is no /proc. */
export function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
