import { type ChildProcess, spawn } from "node:child_process";
import type { WantedRevision } from "../../contract/host.ts";
import { deferred } from "../deferred.ts";
import type { RevisionLog } from "../revision-log.ts";
import { killGroup, type RuntimeFolder } from "./runtime-folder.ts";
import { listenForWorker, type WorkerConnection } from "./worker-connection.ts";
import { workerEnvironment } from "./worker-environment.ts";
import type { ReadyHead, StartHead } from "./worker-frames.ts";

/** How a start ended: ready, or why not. `final` means that another attempt would end the same way. */
export type StartOutcome = { ready: ReadyHead } | { ready: null; reason: string; final: boolean };

/** One worker process, from its start to its end. It is never restarted: see replica.ts. */
export interface Worker extends Pick<WorkerConnection, "score"> {
  readonly pid: number | null;
  /** Never rejects. */
  started: Promise<StartOutcome>;
  /** The reason it ended, one line. Never rejects. */
  ended: Promise<string>;
  /** Tells it that the request in hand is over its time. */
  interrupt(): void;
  /** Lets it finish what runs, then ends it; by force after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  kill(reason: string): void;
}

export interface WorkerPorts {
  /** The worker's program: a zip or a folder with `__main__.py`. */
  program: string;
  /** Milliseconds to load the models and run `init()`. */
  startTimeoutMs: number;
  /** Variables of the machine that numerical libraries need. */
  environment: Record<string, string>;
  runtime: RuntimeFolder;
}

/** How long the last lines of a worker that ended may take to arrive; they say why. */
const lastWordsMs = 100;
/** How long a worker may live without its socket. */
const silentMs = 1000;

/** Starts a worker of a revision in a process group of its own and leads it through the handshake of protocol/worker.md. */
export function startPythonWorker(
  service: string,
  revision: WantedRevision,
  ports: WorkerPorts,
  log: RevisionLog,
): Worker {
  const started = deferred<StartOutcome>();
  const ended = deferred<string>();
  let child: ChildProcess | undefined;
  let killedFor: string | undefined;
  let lastError = "";

  const finish = (reason: string) => {
    clearTimeout(startTimer);
    connection.close(reason);
    if (child?.pid !== undefined) {
      log.write(`worker ${child.pid} ended: ${reason}`);
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
  const launch = (socketPath: string) => {
    if (killedFor !== undefined) return;
    child = spawnWorker(service, revision, ports, socketPath);
    if (child.pid !== undefined) ports.runtime.noteWorker(child.pid);
    if (child.stdout !== null) log.follow(child.stdout);
    if (child.stderr !== null) {
      log.follow(child.stderr, (line) => {
        lastError = line.trim() || lastError;
      });
    }
    child.once("error", (error) => finish(`${revision.python} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      setTimeout(() => finish(endReason(code, signal, killedFor, lastError)), lastWordsMs);
    });
  };
  const socketPath = ports.runtime.socketPath();
  const connection = listenForWorker(socketPath, startHead(service, revision), {
    onListening: () => launch(socketPath),
    onStarted: (head) => {
      clearTimeout(startTimer);
      if (head.type === "ready") started.resolve({ ready: head });
      else started.resolve({ ready: null, reason: head.reason, final: true });
    },
    onBroken: kill,
    onClosed: () => setTimeout(() => kill("it closed its connection"), silentMs).unref(),
  });
  const startTimer = setTimeout(() => kill(`it was not ready after ${ports.startTimeoutMs} ms`), ports.startTimeoutMs);

  return {
    get pid() {
      return child?.pid ?? null;
    },
    started: started.promise,
    ended: ended.promise,
    score: connection.score,
    interrupt: () => {
      if (child?.exitCode === null) child.kill("SIGUSR1");
    },
    stop: async (graceMs) => {
      connection.sendStop();
      const timer = setTimeout(() => kill("it did not stop in time"), connection.connected() ? graceMs : 0);
      await ended.promise;
      clearTimeout(timer);
    },
    kill,
  };
}

function spawnWorker(service: string, revision: WantedRevision, ports: WorkerPorts, socketPath: string): ChildProcess {
  const home = ports.runtime.home(service, revision.number);
  return spawn(revision.python, [ports.program, "--socket", socketPath], {
    cwd: revision.script?.folder ?? home,
    env: workerEnvironment(service, revision, home, ports.environment),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

function startHead(service: string, revision: WantedRevision): StartHead {
  return {
    type: "start",
    service,
    revision: revision.number,
    models: revision.models.map(({ name, version, path, files, framework }) => ({
      name,
      version,
      path,
      files,
      ...(framework === null ? {} : { framework }),
    })),
    script: revision.script,
    timeoutMs: revision.timeoutMs,
  };
}

function endReason(code: number | null, signal: string | null, why: string | undefined, lastLine: string): string {
  const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const detail = why ?? lastLine;
  return detail === "" ? end : `${end}: ${detail}`;
}
