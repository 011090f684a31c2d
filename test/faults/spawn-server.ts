import { spawn } from "node:child_process";

const program = new URL("../../dist/server.js", import.meta.url).pathname;

export interface Started {
  pid: number;
  /** Its exit code, or null when a signal ended it. */
  exit: Promise<number | null>;
  stderr(): string;
  kill(): void;
}

/** Starts a server of a home and does not wait for it. */
export function spawnServer(home: string, ports: { port?: number } = {}): Started {
  const env = {
    ...process.env,
    MODELYARD_HOME: home,
    MODELYARD_PORT: String(ports.port ?? 0),
    MODELYARD_SCORING_PORT: "0",
  };
  const child = spawn("node", [program], { env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return {
    pid: child.pid ?? 0,
    exit: new Promise((resolve) => child.once("close", resolve)),
    stderr: () => stderr,
    kill: () => child.kill("SIGKILL"),
  };
}
