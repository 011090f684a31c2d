import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { processStartTime, stillRuns } from "../../kernel/process-identity.ts";

/**
 * What one run of a host needs outside its own folder: short paths for the workers' sockets (a Unix socket's path has at
 * most 107 bytes), their homes, and a note of each worker's process so that the next host can end what a crash left.
 */
export interface RuntimeFolder {
  path: string;
  socketPath(): string;
  /** Makes and names the HOME of a revision's workers. */
  home(service: string, revision: number): string;
  noteWorker(pid: number): void;
  forgetWorker(pid: number): void;
  remove(): Promise<void>;
}

export async function makeRuntimeFolder(parent: string): Promise<RuntimeFolder> {
  const path = await mkdtemp(join(parent, "modelyard-"));
  mkdirSync(join(path, "workers"));
  let sockets = 0;
  return {
    path,
    socketPath: () => {
      sockets += 1;
      return join(path, `${sockets}.sock`);
    },
    home: (service, revision) => {
      const home = join(path, "home", service, String(revision));
      mkdirSync(home, { recursive: true });
      return home;
    },
    noteWorker: (pid) => writeFileSync(join(path, "workers", String(pid)), String(processStartTime(pid))),
    forgetWorker: (pid) => {
      try {
        unlinkSync(join(path, "workers", String(pid)));
      } catch {
        // the folder is removed already
      }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Ends the workers a dead host left behind, with everything they started, and removes its folder. */
export function clearRuntimeFolder(path: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(join(path, "workers"));
  } catch {
    // removed already
  }
  for (const name of names) {
    const pid = Number(name);
    const startTime = Number(readFileSync(join(path, "workers", name), "utf8"));
    if (stillRuns({ pid, startTime })) killGroup(pid);
  }
  rmSync(path, { recursive: true, force: true });
}

/** SIGKILL to a process group; nothing happens when it is gone. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // the group is gone
  }
}
