import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import { controlSocketName, type SeenState, type WantedState } from "../../contract/host.ts";
import type { Clock } from "../../kernel/clock.ts";
import { writeFileAtomic } from "../../kernel/files.ts";
import { listenOnPort } from "../../kernel/listen.ts";
import type { Log } from "../../kernel/log.ts";
import { processStartTime } from "../../kernel/process-identity.ts";
import { takeProcessLock } from "../../kernel/process-lock.ts";
import { type ChangeCounter, makeChangeCounter } from "../change-counter.ts";
import { type ControlPorts, makeControlServer } from "../control.ts";
import { clearRuntimeFolder } from "../engines/runtime-folder.ts";
import { settleLeftSpools } from "../left-spools.ts";
import { listenOnSocket } from "../listen-on-socket.ts";
import type { Host, HostLock } from "../start-host.ts";
import { loadWantedState, saveWantedState } from "../wanted-state.ts";
import { type Front, type FrontProcess, runFront } from "./front.ts";
import { mergeMetrics } from "./merge-metrics.ts";
import { mergeDropped, mergeServices } from "./merge-seen.ts";
import { relayScore } from "./relay-score.ts";
import { wantedOfFront } from "./split-wanted.ts";

export interface FrontStart {
  folder: string;
  port: number;
  grpcPort: number;
  /** From 1. */
  number: number;
  count: number;
  /** It was there before: the others answer until it is ready. */
  again: boolean;
}

export interface FrontsOptions {
  /** Wanted state and control socket of all; each front has a host's folder below it: `fronts/<n>`. */
  folder: string;
  count: number;
  /** 0 takes any free port and keeps it. */
  port: number;
  /** The port of gRPC; 0 as above. */
  grpcPort: number;
  address: string;
  /** As of a host of one process. */
  memory?: string | undefined;
  clock: Clock;
  log: Log;
  /** Starts a process that is a host in a folder of its own and shares its port with the others. */
  launch(front: FrontStart): FrontProcess;
  /** Called when the shutdown asked for over the control socket is complete. */
  onClosed: () => void;
}

/** How long a front may take to finish what is in flight and to end. */
const stopMs = 20_000;
const startMs = 15_000;

/**
 * One host to the server, several processes to the clients: it speaks for its fronts on the control socket, and starts one again that
 * dies. It sees no scoring request. Errors: lock-held, port-taken.
 */
export async function startFronts(options: FrontsOptions): Promise<Host> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lockPath = join(folder, "host.lock");
  const dead = await takeProcessLock<HostLock>(lockPath, {}, ({ pid }) => `the scoring host with pid ${pid}`);
  if (dead?.runtime !== undefined) clearRuntimeFolder(dead.runtime);
  const unlock = () => rm(lockPath, { force: true });
  try {
    await settleLeftSpools(folder, options.count, options);
    return await joinFronts(options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function joinFronts(options: FrontsOptions, unlock: () => Promise<void>): Promise<Host> {
  const { folder, clock, log } = options;
  const wantedPath = join(folder, "wanted.json");
  const changes = makeChangeCounter(clock.now());
  const fronts = runFronts(options, await choosePorts(options), await loadWantedState(wantedPath, log), changes.bump);
  const seen = seenBy(fronts, clock.now(), changes.value);
  let applying = Promise.resolve();
  const want = (state: WantedState) => {
    const applied = applying.then(async () => {
      await saveWantedState(wantedPath, state);
      await Promise.all(fronts.map((front, index) => front.want(wantedOfFront(state, index, fronts.length))));
    });
    applying = applied.catch(() => {});
    return applied;
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(folder, fronts, control).then(unlock).finally(changes.end);
    return closing;
  };
  const control = makeControlServer({
    ...{ clock, log, want, seen, waitForChange: changes.wait },
    ...askingFronts(fronts),
    shutdown: () => void close().then(options.onClosed),
  });
  try {
    await allSeen(fronts, changes);
    await listenOnSocket(control, join(folder, controlSocketName));
    const { scoringUrl, grpc } = seen();
    const startTime = processStartTime(process.pid);
    await writeFileAtomic(
      join(folder, "host.json"),
      JSON.stringify({ pid: process.pid, startTime, scoringUrl, grpc, fronts: fronts.length }),
    );
    log.info({ scoringUrl, folder, fronts: fronts.length }, "the scoring host is ready");
    return { scoringUrl, grpc, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function runFronts(
  options: FrontsOptions,
  shared: Pick<FrontStart, "port" | "grpcPort">,
  wanted: WantedState,
  onChange: () => void,
): Front[] {
  const { count, log } = options;
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const folder = join(options.folder, "fronts", String(number));
    const launch = (again: boolean) => options.launch({ folder, ...shared, number, count, again });
    return runFront({ folder, launch, log, onChange }, wantedOfFront(wanted, index, count));
  });
}

/** Of the first front that is being started again. */
function endReasonOf(fronts: readonly Front[]): string | undefined {
  const index = fronts.findIndex((front) => front.endReason() !== undefined);
  return index < 0 ? undefined : `front ${index + 1} ended (${fronts[index]?.endReason()}) and is started again`;
}

function seenBy(fronts: readonly Front[], startedAt: number, change: () => number): () => SeenState {
  return () => {
    const each = fronts.map((front) => front.seen());
    const reason = endReasonOf(fronts);
    return {
      pid: process.pid,
      startedAt,
      scoringUrl: each.map((state) => state?.scoringUrl ?? "").find((url) => url !== "") ?? "",
      grpc: each.map((state) => state?.grpc ?? "").find((address) => address !== "") ?? "",
      change: change(),
      ...(reason === undefined ? {} : { reason }),
      services: mergeServices(each, reason),
      dropped: mergeDropped(each),
    };
  };
}

/** Lets the fronts finish what is in flight; then nothing of the host runs. */
async function closeAll(folder: string, fronts: readonly Front[], control: Server): Promise<void> {
  await Promise.all(fronts.map((front) => front.stop(stopMs)));
  if (control.listening)
    await new Promise((resolve) => {
      control.close(resolve);
      control.closeAllConnections();
    });
  await rm(join(folder, "host.json"), { force: true });
}

/** Ports that are free now, those of the last run if they are. The fronts open them themselves. */
async function choosePorts({ folder, port, grpcPort, address }: FrontsOptions) {
  const scoring = { port, memory: join(folder, "port"), variable: "MODELYARD_SCORING_PORT" };
  const grpc = { port: grpcPort, memory: join(folder, "grpc-port"), variable: "MODELYARD_GRPC_PORT" };
  // both are held until both are found: they must not be the same
  const probes = [createServer(), createServer()] as const;
  const found = {
    port: await listenOnPort(probes[0], { ...scoring, address }),
    grpcPort: await listenOnPort(probes[1], { ...grpc, address }),
  };
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return found;
}

/** Waits until every front has answered once, for as long as one may take to start. */
async function allSeen(fronts: readonly Front[], { wait, value }: ChangeCounter): Promise<void> {
  const end = performance.now() + startMs;
  while (fronts.some((front) => front.seen() === undefined)) {
    if (performance.now() > end)
      throw new ModelyardError("host-unreachable", {
        reason: endReasonOf(fronts) ?? `a front did not start within ${startMs / 1000} s`,
      });
    await wait(value(), 500);
  }
}

/** What is asked of all fronts, as one answer. */
function askingFronts(fronts: readonly Front[]): Pick<ControlPorts, "metrics" | "flush" | "readLog" | "score"> {
  const living = () => fronts.filter((front) => front.seen() !== undefined);
  const all = <Result>(ask: (front: Front) => Promise<Result>) => Promise.all(living().map(ask));
  return {
    metrics: async () => mergeMetrics(await all(({ control }) => control.metrics())),
    flush: async (options) => void (await all(({ control }) => control.flush(options))),
    readLog: async (service, revision, tail, requestId) => {
      const options = { tail, requestId: requestId ?? undefined };
      const lines = (await all(({ control }) => control.logs(service, revision, options))).flat();
      // each begins with its time, in a form that sorts
      const time = (line: string) => line.slice(0, 24);
      return lines.sort((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0)).slice(-tail);
    },
    score: async (asked) => {
      const front = living().find((one) => answersFor(one.seen(), asked.service)) ?? living()[0];
      if (front === undefined) throw new ModelyardError("host-unreachable", { reason: "no front runs" });
      await relayScore(front.folder, asked);
    },
  };
}

const answersFor = (seen: SeenState | undefined, service: string): boolean =>
  seen?.services.some(({ name, revisions }) => name === service && revisions.some(({ state }) => state === "ready")) ??
  false;
