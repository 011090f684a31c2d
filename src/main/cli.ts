import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LaunchedServer } from "../doors/cli/tools.ts";

const program = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(program, "..", "package.json"), "utf8")) as { version: string };
const serverProgram = join(program, "server.js");

/** Starts the server in a session of its own, so that it outlives this terminal. */
async function launchServer(env: Record<string, string>, logFile: string): Promise<LaunchedServer> {
  const output = openSync(logFile, "a", 0o600);
  const child = spawn(process.execPath, [serverProgram], {
    env,
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  let code: number | undefined;
  child.once("exit", (exitCode) => {
    code = exitCode ?? 1;
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
  return { pid: child.pid ?? 0, exitCode: () => code };
}

/** The program that opens files and addresses on this desktop; undefined where nobody sees it, as over SSH. */
function opener(env: Record<string, string>): string | undefined {
  if (process.platform === "darwin") return env.SSH_CONNECTION ? undefined : "open";
  if (env.WSL_DISTRO_NAME) return "wslview";
  return env.DISPLAY || env.WAYLAND_DISPLAY ? "xdg-open" : undefined;
}

/** Starts the program and leaves it alone: it may be the browser itself, which runs for days. */
async function openFile(path: string, env: Record<string, string>): Promise<boolean> {
  const program = opener(env);
  if (program === undefined) return false;
  const child = spawn(program, [path], { env, detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => child.once("spawn", () => resolve(true)).once("error", () => resolve(false)));
}

/** Runs the server as a child of this process; signals that end this one are passed on. */
function runServer(env: Record<string, string>): Promise<number> {
  const child = spawn(process.execPath, [serverProgram], { env, stdio: "inherit" });
  process.removeAllListeners("SIGINT");
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

/** Aborts at the first interrupt; a second one, or a work that does not end, ends the process. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    controller.abort();
    setTimeout(() => process.exit(130), 500).unref(); // what waits for stdin knows no signal
    process.once("SIGINT", () => process.exit(130));
  });
  return controller.signal;
}

async function main(args: string[]): Promise<number> {
  if (args.length === 1 && ["--version", "-V"].includes(args[0] ?? "")) {
    process.stdout.write(`${version}\n`); // without loading the contract: editors and scripts ask this often
    return 0;
  }
  const signal = interruptSignal();
  const [{ runCli }, { readSettings }, { systemClock }, { makeExec }] = await Promise.all([
    import("../doors/cli/main.ts"),
    import("../doors/cli/settings.ts"),
    import("../kernel/clock.ts"),
    import("../kernel/exec.ts"),
  ]);
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const cwd = process.cwd();
  return runCli(args, {
    terminal: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    settings: readSettings(env, homedir() || userInfo().homedir, cwd),
    system: {
      ...{ cwd, clock: systemClock, exec: makeExec(), fetch, signal, env, version, launchServer, runServer },
      openFile: (path) => openFile(path, env),
      build: readFileSync(join(program, ".build"), "utf8").trim(),
    },
  });
}

// `modelyard record export | head` ends the reader first: that is no error
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70));
process.stderr.on("error", () => {});

/** A pipe takes what was written in its own time: to end at once would cut it. */
const flushed = (stream: NodeJS.WriteStream) => new Promise((resolve) => stream.write("", resolve));

const code = await main(process.argv.slice(2));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
