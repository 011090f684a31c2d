import { type ChildProcess, spawn } from "node:child_process";
import { residentBytes } from "../../kernel/process-memory.ts";
import { deferred } from "../deferred.ts";
import type { RevisionLog } from "../revision-log.ts";
import { makeLastWords } from "./last-words.ts";
import { killGroup, type RuntimeFolder } from "./runtime-folder.ts";
import type { StartOutcome, Worker } from "./worker.ts";
import { type CollectedTables, listenForWorker } from "./worker-connection.ts";
import type { StartHead } from "./worker-frames.ts";

/** A program that speaks protocol/worker.md, and what it is told first. */
export interface WorkerProgram {
  /** `--socket PATH` is added. */
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment of the process. */
  env: Record<string, string>;
  start: StartHead;
  /** What tells it that the request in hand is over its time; null when nothing does. */
  interruptSignal: NodeJS.Signals | null;
  /** Megabytes of memory it may use. */
  memoryMb: number | undefined;
  /** Takes what its script collects. */
  onCollected?: (collected: CollectedTables) => void;
  /** Whether what it collected is still coming on another way: it is given more time to stop. */
  isSending?: () => boolean;
}

export interface WorkerProcessPorts {
  /** Milliseconds to load the models and run `init()`. */
  startTimeoutMs: number;
  runtime: RuntimeFolder;
}

/** How long the last lines of a worker that ended may take to arrive; they say why. */
const lastWordsMs = 100;
/** A line that it wrote longer before its end is about something else. */
const lastLineMs = 1000;
/** How many times the grace a worker has that still sends what it collected. */
const longestGraces = 10;
/** How long a worker may live without its socket. */
const silentMs = 1000;
/** How often the memory of a worker with a limit is looked at. */
const memoryCheckMs = 250;

/** Starts a worker in a process group of its own and leads it through the handshake of protocol/worker.md. */
export function startWorkerProcess(program: WorkerProgram, ports: WorkerProcessPorts, log: RevisionLog): Worker {
  const started = deferred<StartOutcome>();
  const ended = deferred<string>();
  let child: ChildProcess | undefined;
  let killedFor: string | undefined;

  const finish = (reason: string) => {
    clearTimeout(startTimer);
    clearInterval(memoryTimer);
    // with the marks of those it takes with it, so that the log of a request tells why it got no answer
    const lost = connection.begun().map((id) => `[${id}] `);
    connection.close(reason);
    if (child?.pid !== undefined) {
      log.write(`${lost.join("")}worker ${child.pid} ended: ${reason}`);
      killGroup(child.pid);
      ports.runtime.forgetWorker(child.pid);
    }
    started.resolve({ ready: null, reason, final: false });
    ended.resolve(reason);
  };
  const kill = (reason: string) => {
    if (child !== undefined && (child.exitCode !== null || child.signalCode !== null)) return;
    killedFor ??= reason;
    if (child?.pid === undefined) finish(killedFor);
    else killGroup(child.pid);
  };
  const checkMemory = (limitMb: number) => {
    const used = child?.pid === undefined ? 0 : residentBytes(child.pid) / 1e6;
    if (used > limitMb) kill(`it used ${Math.round(used)} MB of memory, over its limit of ${limitMb} MB`);
  };
  const launch = (socketPath: string) => {
    if (killedFor !== undefined) return;
    child = spawnWorker(program, socketPath);
    if (child.pid !== undefined) ports.runtime.noteWorker(child.pid);
    if (child.stdout !== null) log.follow(child.stdout);
    if (child.stderr !== null) log.follow(child.stderr, lastWords.hear);
    child.once("error", (error) => finish(`${program.argv[0]} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const lastLineFrom = performance.now() - lastLineMs;
      setTimeout(() => {
        finish(endReason(code, signal, killedFor, lastWords.since(lastLineFrom)));
      }, lastWordsMs);
    });
  };
  const socketPath = ports.runtime.socketPath();
  const connection = listenForWorker(socketPath, program.start, {
    onListening: () => launch(socketPath),
    onStarted: (head) => {
      clearTimeout(startTimer);
      if (head.type === "ready") started.resolve({ ready: head });
      else started.resolve({ ready: null, reason: head.reason, final: true });
    },
    onCollected: (collected) => program.onCollected?.(collected),
    onBroken: kill,
    onClosed: () => setTimeout(() => kill("it closed its connection"), silentMs).unref(),
  });
  const lastWords = makeLastWords(connection);
  const startTimer = setTimeout(() => kill(`it was not ready after ${ports.startTimeoutMs} ms`), ports.startTimeoutMs);
  const { memoryMb } = program;
  const memoryTimer = memoryMb === undefined ? undefined : setInterval(() => checkMemory(memoryMb), memoryCheckMs);

  return {
    get pid() {
      return child?.pid ?? null;
    },
    started: started.promise,
    ended: ended.promise,
    score: connection.score,
    interrupt: () => {
      if (child?.exitCode === null && program.interruptSignal !== null) child.kill(program.interruptSignal);
    },
    stop: async (graceMs) => {
      connection.sendStop();
      const latest = performance.now() + longestGraces * graceMs;
      const end = () => {
        if (program.isSending?.() === true && performance.now() < latest) timer = setTimeout(end, graceMs);
        else kill("it did not stop in time");
      };
      let timer = setTimeout(end, connection.connected() ? graceMs : 0);
      await ended.promise;
      clearTimeout(timer);
    },
    kill,
  };
}

function spawnWorker({ argv, cwd, env }: WorkerProgram, socketPath: string): ChildProcess {
  const [file, ...args] = argv;
  return spawn(file, [...args, "--socket", socketPath], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** How a process ended, with what it was ended for or its last words. */
export function endReason(
  code: number | null,
  signal: string | null,
  why: string | undefined,
  lastLine: string,
): string {
  const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const detail = why ?? lastLine;
  return detail === "" ? end : `${end}: ${detail}`;
}
