import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, makeClient } from "../src/client/client.ts";
import { processStartTime } from "../src/kernel/process-identity.ts";
import { layStandingEnvironments } from "./standing-environments.ts";

export interface TestServer {
  home: string;
  url: string;
  token: string;
  client: Client;
  pid: number;
  /** Ends the server process; the host goes on. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again on the same home. */
  restart(): Promise<TestServer>;
  /** Ends the server and the host and removes the home. */
  remove(): Promise<void>;
}

const repository = new URL("..", import.meta.url).pathname;

/** A real server with a real host, on ports of its own and a home of its own, in which the common environments stand already. */
export async function startServer(options: { home?: string; env?: Record<string, string> } = {}): Promise<TestServer> {
  const home = options.home ?? (await newHome());
  const env = {
    ...process.env,
    MODELYARD_HOME: home,
    MODELYARD_PORT: "0",
    MODELYARD_SCORING_PORT: "0",
    ...options.env,
  };
  await rm(join(home, "run", "server.json"), { force: true });
  const child = spawn("node", [join(repository, "dist", "server.js")], { env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk) => {
    output = (output + chunk).slice(-20_000);
  });
  let ended = false;
  const exit = new Promise<void>((resolve) =>
    child.once("exit", () => {
      ended = true;
      resolve();
    }),
  );
  const found = await waitFor(
    async () => JSON.parse(await readFile(join(home, "run", "server.json"), "utf8")) as { url: string },
    () => ended,
  );
  if (found === undefined) throw new Error(`the server did not start:\n${output}`);
  const token = (await readFile(join(home, "admin-token"), "utf8")).trim();
  const pid = child.pid ?? 0;
  const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
    child.kill(signal);
    await exit;
  };
  return {
    home,
    url: found.url,
    token,
    pid,
    client: makeClient({ url: found.url, token, fetch }),
    kill,
    restart: async () => {
      if (!ended) await kill();
      return startServer({ ...options, home });
    },
    remove: async () => {
      if (!ended) await kill("SIGTERM");
      await stopHost(home);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "modelyard-"));
  await layStandingEnvironments(home);
  return home;
}

async function waitFor<Result>(
  work: () => Promise<Result>,
  given: () => boolean,
  limitMs = 60_000,
): Promise<Result | undefined> {
  for (let waited = 0; waited < limitMs && !given(); waited += 25) {
    try {
      return await work();
    } catch {
      await sleep(25);
    }
  }
  return undefined;
}

/** Ends the supervisor and the host of a home, by their pids, and waits until they are gone. */
export async function stopHost(home: string): Promise<void> {
  const pids: number[] = [];
  for (const [file, key] of [
    ["supervisor.pid", undefined],
    ["host.json", "pid"],
  ] as const) {
    const text = await readFile(join(home, "host", file), "utf8").catch(() => undefined);
    if (text !== undefined)
      pids.push(key === undefined ? Number.parseInt(text, 10) : (JSON.parse(text) as { pid: number }).pid);
  }
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // it has ended already
    }
  }
  for (let waited = 0; waited < 60_000 && pids.some((pid) => processStartTime(pid) !== null); waited += 50)
    await sleep(50);
}
