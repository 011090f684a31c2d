import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Server as TlsServer } from "node:tls";
import { controlSocketName, type SeenState, type WantedRevision, type WantedState } from "../contract/host.ts";
import type { Clock } from "../kernel/clock.ts";
import { writeFileAtomic } from "../kernel/files.ts";
import { listenOnPort } from "../kernel/listen.ts";
import type { Log } from "../kernel/log.ts";
import { processStartTime } from "../kernel/process-identity.ts";
import { type LockHolder, takeProcessLock } from "../kernel/process-lock.ts";
import { followTls, outOfTime, readTlsPair, type TlsFiles, type TlsPair, tlsLookMs } from "../kernel/tls-files.ts";
import { makeAdmission } from "./admission.ts";
import { type ChangeCounter, makeChangeCounter } from "./change-counter.ts";
import { closeServers } from "./close-servers.ts";
import { inferenceCodec } from "./codecs/inference.ts";
import { mlflowCodec } from "./codecs/mlflow.ts";
import { scoreCodec } from "./codecs/score.ts";
import { type Collecting, makeCollecting } from "./collect/collecting.ts";
import { startSidecar } from "./collect/sidecar.ts";
import { makeControlServer } from "./control.ts";
import { type HealthPolicy, healthPolicy, startHttpWorker } from "./engines/http.ts";
import { startOnnxWorker } from "./engines/onnx.ts";
import { startPythonWorker } from "./engines/python.ts";
import { clearRuntimeFolder, makeRuntimeFolder, type RuntimeFolder } from "./engines/runtime-folder.ts";
import { makeFailureLog } from "./failure-log.ts";
import { makeGrpcServer } from "./grpc/server.ts";
import { settleLeftSpools } from "./left-spools.ts";
import { listenOnSocket } from "./listen-on-socket.ts";
import { logPath, readLog } from "./logs.ts";
import { hostMetrics } from "./metrics/host-metrics.ts";
import { type Metrics, makeMetrics } from "./metrics/metrics.ts";
import { needsKey, readRecordKey } from "./record-key.ts";
import { type RestartPolicy, restartPolicy } from "./replica.ts";
import { startRevision } from "./revision.ts";
import { openRevisionLog, type RevisionLog } from "./revision-log.ts";
import { score } from "./score.ts";
import { makeScoringServer } from "./server.ts";
import {
  hasTraffic,
  isReady,
  makeServiceTable,
  nextRevision,
  revisionByNumber,
  type ServiceTable,
} from "./service-table.ts";
import { openSpool, type SpoolLimits, spoolLimits, spoolPlaceOf } from "./spool.ts";
import { ignoredTraffic, loadWantedState, saveWantedState } from "./wanted-state.ts";

const codecs = { azure: scoreCodec, inference: inferenceCodec, mlflow: mlflowCodec } as const;

export interface HostOptions {
  /** Everything the host keeps: wanted state, spool, logs, control socket. */
  folder: string;
  /** 0 takes any free port and keeps it. */
  port: number;
  /** The port of gRPC; 0 as above. */
  grpcPort: number;
  address: string;
  /** Waits for its services to be ready, this long at most, before it listens: others on the port answer meanwhile. */
  readyFirstMs?: number | undefined;
  /** The scoring port speaks TLS with this pair, which is read anew when it changes. */
  tls?: TlsFiles | undefined;
  /** What it begins with in place of what the files hold: they may be no good just now. */
  tlsPair?: TlsPair | undefined;
  /** The worker's program: a zip or a folder with `__main__.py`. */
  worker: string;
  /** The program of workers of ONNX models, a file of JavaScript. */
  onnxWorker: string;
  /** Variables of the machine that every worker gets. */
  workerEnvironment: Record<string, string>;
  /** Where short-lived files go; its path must be short. */
  temporaryFolder: string;
  /** A file system in memory: records outlive a kill there while the disk is slow (spool-journal.ts). */
  memory?: string | undefined;
  /** The version of Modelyard, told to clients that ask. */
  version: string;
  /** The folder with the pages of errors, `errors/<code>.md`. */
  docsFolder: string;
  clock: Clock;
  log: Log;
  /** Called when the shutdown asked for over the control socket is complete. */
  onClosed: () => void;
  limits?: Partial<HostLimits>;
}

export interface HostLimits {
  spool: SpoolLimits;
  restart: RestartPolicy;
  /** Requests that may wait for a revision. */
  queue: number;
  /** Bytes of the bodies of all requests in the host. */
  bodyBytes: number;
  startTimeoutMs: number;
  recoverMs: number;
  /** An ONNX model that answers a full frame within this time is run by the host itself: it delays no other service. */
  inHostMs: number;
  /** How often the files of the TLS pair are looked at. */
  tlsLookMs: number;
  /** How a server is watched that answers in place of workers. */
  health: HealthPolicy;
  /** How long a client of gRPC may take nothing of its answer, and for a message, as node:http has it for those of HTTP. */
  stallMs: number;
  /** How long a shutdown waits for requests in flight. */
  drainMs: number;
}

const hostLimits: HostLimits = {
  spool: spoolLimits,
  restart: restartPolicy,
  queue: 1024,
  bodyBytes: 512 * 1024 * 1024,
  startTimeoutMs: 600_000,
  recoverMs: 2_000,
  inHostMs: 1,
  tlsLookMs,
  health: healthPolicy,
  stallMs: 300_000,
  drainMs: 10_000,
};

/** How long what was broken off may take to end: what is recorded of it comes before the spool is closed. */
const unwindMs = 500;

/** Limits of one of several fronts on a machine: what all of them take of its memory and its disk is what one host may. */
export const limitsOfFront = (count: number): Pick<HostLimits, "bodyBytes" | "spool"> => ({
  bodyBytes: Math.floor(hostLimits.bodyBytes / count),
  spool: {
    ...spoolLimits,
    totalBytes: Math.floor(spoolLimits.totalBytes / count),
    pendingBytes: Math.floor(spoolLimits.pendingBytes / count),
  },
});

export interface Host {
  scoringUrl: string;
  /** Where gRPC is spoken: host:port. */
  grpc: string;
  /** Finishes what is in flight, stops the workers and makes the spool durable. Once. */
  close(): Promise<void>;
}

/** What the lock of a host's folder says; `runtime` is the folder of its run, to be cleared when it died. */
export interface HostLock extends LockHolder {
  /** Not said by a host of several fronts: each of them has its own. */
  runtime?: string;
}

/** Starts a host: it serves its last wanted state until it is told another. Errors: lock-held, port-taken, tls-invalid. */
export async function startHost(options: HostOptions): Promise<Host> {
  const pair = options.tlsPair ?? (options.tls && (await readTlsPair(options.tls)));
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const lockPath = join(options.folder, "host.lock");
  const runtime = await makeRuntimeFolder(options.temporaryFolder);
  try {
    const dead = await takeProcessLock<HostLock>(
      lockPath,
      { runtime: runtime.path },
      ({ pid }) => `the scoring host with pid ${pid}`,
    );
    if (dead?.runtime !== undefined) clearRuntimeFolder(dead.runtime);
    await settleLeftSpools(options.folder, 0, options);
    return await runHost({ ...options, pair }, runtime, () => rm(lockPath, { force: true }));
  } catch (error) {
    await runtime.remove();
    throw error;
  }
}

async function runHost(
  options: HostOptions & { pair: TlsPair | undefined },
  runtime: RuntimeFolder,
  unlock: () => Promise<void>,
): Promise<Host> {
  const { folder, clock, log } = options;
  const limits = { ...hostLimits, ...options.limits };
  const startedAt = clock.now();
  const changes = makeChangeCounter(startedAt);
  const spool = openSpool(spoolPlaceOf(folder, options.memory), limits.spool, clock, log);
  const logs = new Map<string, RevisionLog>();
  const metrics = makeMetrics();
  const ruleOf = (name: string) => {
    const service = table.find(name);
    return service && { isOn: service.wanted.collect ?? true, redactor: service.recorder.redactor };
  };
  const collecting = makeCollecting({ spool, ruleOf, port: () => sidecar.port });
  const sidecar = await startSidecar({ clock, collecting });
  const table = makeTable(options, { limits, runtime, logs, metrics, collecting, onChange: changes.bump });
  const wantedPath = join(folder, "wanted.json");
  let scoringUrl = "";
  let grpc = "";
  let serverUrl: string | null = null;
  let told = "";
  const apply = (state: WantedState) => {
    const problems = ignoredTraffic(state);
    if (problems.length > 0 && problems.join() !== told)
      log.warn({ problems }, "traffic to revisions that are not there is passed over");
    told = problems.join();
    serverUrl = state.server ?? null;
    table.apply(state, recordKeyOf(state, log));
  };
  let applying = Promise.resolve();
  const want = (state: WantedState) => {
    const applied = applying.then(async () => {
      await saveWantedState(wantedPath, state);
      apply(state);
    });
    applying = applied.catch(() => {});
    return applied;
  };
  const seen = (): SeenState => ({
    pid: process.pid,
    startedAt,
    scoringUrl,
    grpc,
    change: changes.value(),
    services: table.seen(),
    dropped: spool.dropped(),
  });

  const load = (service: string, revision: number) =>
    table
      .all()
      .find(({ wanted }) => wanted.name === service)
      ?.live.get(revision)
      ?.load();
  const metricsText = (shows: (service: string) => boolean) => hostMetrics({ metrics, seen, load }, shows);
  const admission = makeAdmission(limits.bodyBytes);
  const failures = makeFailureLog(log);
  let closing: Promise<void> | undefined;
  const draining = () => closing !== undefined;
  let broken = false;
  const breaksOff = () => broken;
  const onBreak = () => {
    broken = true;
  };
  const parts = { clock, log, spool, table, metrics, metricsText, admission, failures, draining, breaksOff };
  const { version, docsFolder } = options;
  const ports = { ...parts, version, docsFolder, serverUrl: () => serverUrl };
  const { tls, pair } = options;
  const scoring = makeScoringServer(ports, pair);
  const calls = makeGrpcServer(ports, limits.stallMs, pair);
  const late = pair && outOfTime(pair, clock.now());
  if (late) log.error({ file: tls?.cert, reason: late }, "clients will refuse the TLS certificate");
  const stopFollowing =
    tls &&
    pair &&
    followTls(tls, { pair, everyMs: limits.tlsLookMs, clock }, log, (next) => {
      for (const server of [scoring, calls.server]) if (server instanceof TlsServer) server.setSecureContext(next);
    });
  const close = () => {
    if (closing === undefined) changes.end();
    stopFollowing?.();
    closing ??= Promise.all([calls.close(limits.drainMs), closeServers([scoring, control], limits.drainMs, onBreak)])
      .then(() => table.close(unwindMs))
      .then(sidecar.close)
      .then(() => spool.close())
      .then(() => rm(join(folder, "host.json"), { force: true }))
      .then(runtime.remove)
      .then(unlock);
    return closing;
  };
  const control = makeControlServer({
    ...{ clock, log },
    metrics: () => metricsText(() => true),
    flush: ({ rotate }) => (rotate ? spool.rotate() : spool.flush()),
    score: ({ service: name, revision, language, request, requestId }) => {
      const service = table.get(name);
      // a revision that is asked by its number is being tried: nothing of it is recorded
      if (revision !== null) collecting.leaveOut(requestId);
      const choose = () =>
        revision === null ? nextRevision(service, request.headers) : revisionByNumber(service, revision);
      const call = { service, requestId, codec: codecs[language], choose, record: revision === null, caller: "server" };
      return score(request, call, ports);
    },
    want,
    seen,
    waitForChange: changes.wait,
    readLog: async (service, revision, tail, requestId) => {
      const path = logPath(folder, service, revision);
      await logs.get(path)?.flush();
      return readLog(path, tail, requestId);
    },
    shutdown: () => void close().then(options.onClosed),
  });
  const boot = async () => {
    apply(await loadWantedState(wantedPath, log));
    await listenOnSocket(control, join(folder, controlSocketName));
  };
  const { readyFirstMs } = options;
  try {
    if (readyFirstMs !== undefined) {
      await boot();
      await untilReady(table, changes, readyFirstMs);
    }
    const port = await listenOnPort(scoring, {
      port: options.port,
      address: options.address,
      memory: join(folder, "port"),
      variable: "MODELYARD_SCORING_PORT",
    });
    scoringUrl = `${tls ? "https" : "http"}://${urlHost(options.address)}:${port}`;
    const grpcPort = await listenOnPort(calls.server, {
      port: options.grpcPort,
      address: options.address,
      memory: join(folder, "grpc-port"),
      variable: "MODELYARD_GRPC_PORT",
    });
    grpc = `${urlHost(options.address)}:${grpcPort}`;
    if (readyFirstMs === undefined) await boot();
    const startTime = processStartTime(process.pid);
    await writeFileAtomic(join(folder, "host.json"), JSON.stringify({ pid: process.pid, startTime, scoringUrl, grpc }));
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ scoringUrl, grpc, folder }, "the scoring host is ready");
  return { scoringUrl, grpc, close };
}

/** Waits until every service with traffic can answer, or `limitMs` are over. */
async function untilReady(table: ServiceTable, changes: ChangeCounter, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!table.all().filter(hasTraffic).every(isReady) && performance.now() < end)
    await changes.wait(changes.value(), 100);
}

/** The key is looked for only when a rule needs it; without it nothing of such a service is kept. */
function recordKeyOf({ services, recordKeyFile }: WantedState, log: Log): Buffer | null {
  if (!services.some(({ record }) => needsKey(record))) return null;
  const key = readRecordKey(recordKeyFile);
  if (key === null)
    log.error({ file: recordKeyFile ?? null }, "the key of hmac rules cannot be read; their services keep no records");
  return key;
}

interface TableParts {
  limits: HostLimits;
  runtime: RuntimeFolder;
  logs: Map<string, RevisionLog>;
  metrics: Metrics;
  collecting: Collecting;
  onChange(): void;
}

function makeTable(
  options: HostOptions,
  { limits, runtime, logs, metrics, collecting, onChange }: TableParts,
): ServiceTable {
  const workers = {
    startTimeoutMs: limits.startTimeoutMs,
    environment: options.workerEnvironment,
    runtime,
  };
  const launch = (service: string, revision: WantedRevision, log: RevisionLog) => {
    if (revision.upstream) {
      const { health } = limits;
      return startHttpWorker(service, { ...revision, upstream: revision.upstream }, { ...workers, health }, log);
    }
    return revision.python === null
      ? startOnnxWorker(service, revision, { ...workers, program: options.onnxWorker, inHostMs: limits.inHostMs }, log)
      : startPythonWorker(
          service,
          { ...revision, python: revision.python },
          { ...workers, program: options.worker, collecting },
          log,
        );
  };
  return makeServiceTable((service, wanted) => {
    const path = logPath(options.folder, service, wanted.number);
    const revisionLog = openRevisionLog(path, options.clock);
    logs.set(path, revisionLog);
    return startRevision(service, wanted, {
      launch: (current, log) => launch(service, current, log),
      log: revisionLog,
      policy: limits.restart,
      queueLimit: limits.queue,
      recoverMs: limits.recoverMs,
      onChange,
      onFrame: (requests) => metrics.batch(service, wanted.number, requests),
      onInferred: (rows) => metrics.inferred(service, wanted.number, rows),
    });
  }, onChange);
}

/** The host of a URL that reaches an address from this machine. */
function urlHost(address: string): string {
  if (address === "0.0.0.0" || address === "::") return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
