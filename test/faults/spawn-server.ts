import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

const program = new URL("../../dist/server.js", import.meta.url).pathname;

export interface Started {
  pid: number;
  /** Its exit code, or null when a signal ended it. */
  exit: Promise<number | null>;
  stderr(): string;
  kill(): void;
}

/** Starts a server of a home and does not wait for it. With `log` its stderr goes to that file. */
export function spawnServer(home: string, options: { port?: number; log?: string } = {}): Started {
  const env = {
    ...process.env,
    MODELYARD_HOME: home,
    MODELYARD_PORT: String(options.port ?? 0),
    MODELYARD_SCORING_PORT: "0",
  };
  const output = options.log === undefined ? undefined : openSync(options.log, "a");
  const child = spawn("node", [program], { env, stdio: ["ignore", "ignore", output ?? "pipe"] });
  let stderr = "";
  if (output !== undefined) closeSync(output);
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    pid: child.pid ?? 0,
    exit: new Promise((resolve) => child.once("close", resolve)),
    stderr: () => stderr,
    kill: () => child.kill("SIGKILL"),
  };
}
