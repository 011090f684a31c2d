import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ModelyardError } from "../contract/errors.ts";
import { readTextIfAny } from "../kernel/files.ts";
import type { HostControl } from "../kernel/host-control.ts";

export interface LocalHostOptions {
  control: HostControl;
  /** Folder of the host's state. */
  folder: string;
  /** Program files: supervise.sh, host.js, worker.zip. */
  supervisor: string;
  program: string;
  env: Record<string, string>;
  log: string;
}

const startLimitMs = 20_000;

export interface LocalHost {
  /** Starts the scoring host under its supervisor when it does not answer. It outlives the server, on purpose. */
  ensure(): Promise<void>;
  isStarting(): boolean;
  /** Resolves when no start is under way. Behind a server that ends in the midst of one, nobody would find what it started. */
  settled(): Promise<void>;
}

export function localHost(options: LocalHostOptions): LocalHost {
  let starting: Promise<void> | undefined;
  return {
    ensure: async () => {
      if (await answers(options.control)) return;
      starting ??= start(options).finally(() => {
        starting = undefined;
      });
      await starting;
    },
    isStarting: () => starting !== undefined,
    settled: async () => {
      await starting?.catch(() => {});
    },
  };
}

async function answers(control: HostControl): Promise<boolean> {
  try {
    await control.seen();
    return true;
  } catch {
    return false;
  }
}

async function start({ control, folder, supervisor, program, env, log }: LocalHostOptions): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const output = openSync(log, "a", 0o600);
  const child = spawn("/bin/sh", [supervisor, process.execPath, program], {
    env,
    cwd: folder,
    detached: true,
    stdio: ["ignore", output, output],
  });
  let ended: number | null | undefined;
  child.once("exit", (code) => {
    ended = code;
  });
  child.unref();
  for (const end = Date.now() + startLimitMs; Date.now() < end; await sleep(25)) {
    if (await answers(control)) return;
    // Code 4: the port or the folder is somebody else's; another supervisor may just be starting the same host.
    if (ended !== undefined && !(await answers(control))) break;
  }
  const lastLine = (await readTextIfAny(log))?.trim().split("\n").at(-1);
  throw new ModelyardError("host-unreachable", { reason: lastLine ?? "it did not start" });
}
