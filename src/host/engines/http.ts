import { setTimeout as sleep } from "node:timers/promises";
import { ModelyardError } from "../../contract/errors.ts";
import type { WantedRevision, WantedUpstream } from "../../contract/host.ts";
import { deferred } from "../deferred.ts";
import type { RevisionLog } from "../revision-log.ts";
import { ask } from "./http/ask.ts";
import { freePort, type StartedCommand, startCommand } from "./http/command.ts";
import { makeLink, type UpstreamLink } from "./http/link.ts";
import type { RuntimeFolder } from "./runtime-folder.ts";
import { verifyFiles } from "./verified-file.ts";
import type { StartOutcome, Worker } from "./worker.ts";
import type { WorkerAnswer } from "./worker-connection.ts";
import { modelDirectory, serverEnvironment } from "./worker-environment.ts";
import type { ScoreItemHead } from "./worker-frames.ts";

export type HttpRevision = WantedRevision & { upstream: WantedUpstream };

export interface HttpPorts {
  runtime: RuntimeFolder;
  /** Milliseconds a command may take until it is healthy. */
  startTimeoutMs: number;
  /** Variables of the machine that numerical libraries need. */
  environment: Record<string, string>;
  health: HealthPolicy;
}

/** How a server is watched that was healthy. */
export interface HealthPolicy {
  everyMs: number;
  /** How long it may take to say how it is. */
  limitMs: number;
  /** Failures in a row that count. */
  failures: number;
}
export const healthPolicy: HealthPolicy = { everyMs: 5000, limitMs: 5000, failures: 3 };

/** How long a server that should run already may take; it is asked again with the next attempt. */
const patienceMs = 2000;
const pollMs = 250;
const mostHealthBytes = 1 << 20;
const mostAnswerBytes = 1 << 28;

/** A server that answers in place of a worker: one that runs already, or one that is started for the replica. */
export function startHttpWorker(service: string, revision: HttpRevision, ports: HttpPorts, log: RevisionLog): Worker {
  const { url, health, score, authorizationFile } = revision.upstream;
  const started = deferred<StartOutcome>();
  const ended = deferred<string>();
  let link: UpstreamLink | undefined;
  let command: StartedCommand | undefined;
  let over = false;
  const finish = (reason: string) => {
    if (over) return;
    over = true;
    started.resolve({ ready: null, reason, final: false });
    ended.resolve(reason);
  };
  const endWith = (reason: string) => (command === undefined ? finish(reason) : command.kill(reason));
  const run = async () => {
    const place = (url ?? (await launch())).replace(/\/+$/, "");
    link = makeLink({ url: place, paths: { health, score }, authorizationFile });
    await link.mustBeReady();
    const problem = await waitUntilHealthy(link, {
      limitMs: url === undefined ? ports.startTimeoutMs : patienceMs,
      askMs: ports.health.limitMs,
      isOver: () => over,
      onProblem: (text) => log.write(`${place}${health}: ${text}`),
    });
    if (problem !== null) return endWith(`${place}${health}: ${problem}`);
    log.write(`${place} is healthy`);
    started.resolve({ ready: { type: "ready", script: null } });
    const reason = await untilUnhealthy(link, ports.health, () => over);
    log.write(`${place}${health}: ${reason}`);
    endWith(`its health: ${reason}`);
  };
  const launch = async (): Promise<string> => {
    for (const model of revision.models) await verifyFiles(model);
    const port = await freePort();
    const home = ports.runtime.home(service, revision.number);
    const env = serverEnvironment(service, revision, { home, port, extra: ports.environment });
    const argv = (revision.upstream.command ?? []).map((word) => fillIn(word, { port, revision }));
    if (!over) command = startCommand({ argv, cwd: home, env }, { runtime: ports.runtime, log, onEnd: finish });
    return `http://127.0.0.1:${port}`;
  };
  void run().catch((error: Error) => endWith(error.message));

  return {
    get pid() {
      return command?.pid ?? null;
    },
    get upstream() {
      if (link === undefined) throw new Error("the server is not there yet");
      return link;
    },
    started: started.promise,
    ended: ended.promise,
    score: ([item], [body]) => {
      if (item === undefined || body === undefined || link === undefined) throw new Error("nothing to send");
      return scoreOne(service, link, item, body, revision.timeoutMs);
    },
    interrupt: () => {},
    stop: async (graceMs) => {
      if (command === undefined) finish("it was stopped");
      else command.stop(graceMs);
      await ended.promise;
    },
    kill: endWith,
  };
}

/** `{port}` is the port, `{model}` the folder of the model, or of all models when there are several. */
const fillIn = (word: string, { port, revision }: { port: number; revision: HttpRevision }): string =>
  word.replaceAll("{port}", String(port)).replaceAll("{model}", modelDirectory(revision).AZUREML_MODEL_DIR ?? "");

/** What is wrong with the health of a server; null when nothing is. */
async function problemOf(link: UpstreamLink, limitMs: number): Promise<string | null> {
  const request = { method: "GET", path: link.paths.health, headers: {} };
  try {
    const { status } = await ask(link, request, { limitMs, limitBytes: mostHealthBytes });
    return status >= 200 && status < 300 ? null : `it was answered with ${status}`;
  } catch (error) {
    return (error as Error).message;
  }
}

interface Patience {
  limitMs: number;
  askMs: number;
  isOver(): boolean;
  /** What is wrong, when it is another thing than before. */
  onProblem(text: string): void;
}

/** The last problem when it is not healthy within `limitMs`. */
async function waitUntilHealthy(
  link: UpstreamLink,
  { limitMs, askMs, isOver, onProblem }: Patience,
): Promise<string | null> {
  const end = performance.now() + limitMs;
  for (let last: string | null = null; ; ) {
    const problem = await problemOf(link, askMs);
    if (problem !== null && problem !== last) onProblem(problem);
    last = problem;
    if (problem === null || isOver() || performance.now() > end) return problem;
    await sleep(pollMs);
  }
}

async function untilUnhealthy(link: UpstreamLink, policy: HealthPolicy, isOver: () => boolean): Promise<string> {
  for (let failures = 0; ; ) {
    await sleep(policy.everyMs, undefined, { ref: false });
    if (isOver()) return "it is not watched any more";
    const problem = await problemOf(link, policy.limitMs);
    failures = problem === null ? 0 : failures + 1;
    if (problem !== null && failures >= policy.failures) return problem;
  }
}

/** A request that came without a path of its own: by invoke, or the sample. */
async function scoreOne(
  service: string,
  link: UpstreamLink,
  { id }: ScoreItemHead,
  body: Uint8Array,
  limitMs: number,
): Promise<WorkerAnswer[]> {
  const headers = { "content-type": "application/json", "content-length": body.length, "x-request-id": id };
  const request = { method: "POST", path: link.paths.score, headers, body };
  try {
    const answer = await ask(link, request, { limitMs, limitBytes: mostAnswerBytes });
    const contentType = answer.headers["content-type"];
    const head = { id, status: "ok", size: answer.body.length, httpStatus: answer.status } as const;
    return [{ head: contentType === undefined ? head : { ...head, contentType }, body: answer.body }];
  } catch (error) {
    throw new ModelyardError("upstream-failed", { service, reason: (error as Error).message }, { cause: error });
  }
}
