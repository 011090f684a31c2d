import { createWriteStream } from "node:fs";
import { access, constants, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readTextIfAny, writeFileAtomic } from "../../kernel/files.ts";
import { canonicalJson, sha256 } from "../../kernel/hash.ts";
import { buildEnvironment, pythonOf } from "./build-environment.ts";
import { type EnvironmentSpec, specDigest } from "./environment-spec.ts";
import type { Interpreter } from "./interpreters.ts";
import type { ToolPorts } from "./pip.ts";

/** A built environment. */
export interface Environment {
  /** Digest of its specification (64 hexadecimal digits), and the name of its folder. */
  digest: string;
  folder: string;
  /** Its interpreter. */
  python: string;
  /** "3.11.7" */
  pythonVersion: string;
  /** Every installed package, pinned and sorted. */
  lock: string[];
  /** Digest of the Python version and the lock: two environments with the same one hold the same packages. */
  lockDigest: string;
  /** True when this call built it, false when it was there or another call built it. */
  built: boolean;
}

/** What ensuring an environment takes; `folder` holds all environments, `interpreter` is null for kind `conda`. */
export interface EnvironmentRequest extends ToolPorts {
  spec: EnvironmentSpec;
  interpreter: Interpreter | null;
  folder: string;
  /** Hears every line of the build, also those printed before a second caller joined. */
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

type Marker = Omit<Environment, "folder" | "python" | "built">;

/** A build under way. It is shared, and ended early only when nobody waits for it any more. */
interface Job {
  lines: string[];
  listeners: Set<(line: string) => void>;
  controller: AbortController;
  waiting: number;
  result: Promise<Environment>;
}

const jobs = new Map<string, Job>();
const markerName = "environment.json";

/** Where the log of a build is kept: in `logs` beside the folder of all environments. */
function buildLogPath(folder: string, digest: string): string {
  return join(dirname(folder), "logs", `environment-${digest.slice(0, 16)}.log`);
}

/** A finished environment, or undefined; one whose Python has been removed from the machine is none. */
export async function readEnvironment(folder: string, digest: string): Promise<Environment | undefined> {
  const path = join(folder, digest);
  const text = await readTextIfAny(join(path, markerName));
  if (text === undefined) return undefined;
  try {
    const marker = JSON.parse(text) as Marker;
    await access(pythonOf(path), constants.X_OK);
    const { pythonVersion, lock, lockDigest } = marker;
    return { digest, folder: path, python: pythonOf(path), pythonVersion, lock, lockDigest, built: false };
  } catch {
    return undefined;
  }
}

/** Removes what interrupted builds left behind. Only for the start of the server, when no build runs. */
export async function cleanEnvironments(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const removed: string[] = [];
  for (const name of names.filter((one) => /^[0-9a-f]{64}$/.test(one))) {
    if ((await readTextIfAny(join(folder, name, markerName))) !== undefined) continue;
    await rm(join(folder, name), { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

/** The lines of a build go to a file too; a log that cannot be written does not end the build. */
async function openLog(path: string): Promise<{ write(line: string): void; close(): Promise<void> }> {
  await mkdir(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { mode: 0o600 });
  stream.on("error", () => {});
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  return {
    write: (line) => void stream.write(`${line}\n`),
    close: () => {
      stream.end();
      return closed;
    },
  };
}

async function build(request: EnvironmentRequest, digest: string, job: Job): Promise<Environment> {
  const { spec, interpreter, exec, toolEnvironment } = request;
  const folder = join(request.folder, digest);
  const logPath = buildLogPath(request.folder, digest);
  await rm(folder, { recursive: true, force: true });
  const log = await openLog(logPath);
  const onLine = (line: string) => {
    log.write(line);
    job.lines.push(line);
    for (const listener of job.listeners) listener(line);
  };
  const { signal } = job.controller;
  try {
    for (const note of spec.notes) onLine(note);
    const built = await buildEnvironment({
      spec,
      interpreter,
      exec,
      toolEnvironment,
      folder,
      log: logPath,
      onLine,
      signal,
    });
    const { requirements, conda, kind } = spec;
    const marker: Marker = { digest, ...built, lockDigest: sha256(canonicalJson(built)) };
    const details = { ...marker, kind, requirements, conda, interpreter: interpreter?.path };
    await writeFileAtomic(join(folder, markerName), `${JSON.stringify(details, null, 2)}\n`);
    return { ...marker, folder, python: pythonOf(folder), built: true };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await log.close();
  }
}

function startJob(request: EnvironmentRequest, digest: string, key: string): Job {
  const job: Job = {
    lines: [],
    listeners: new Set(),
    controller: new AbortController(),
    waiting: 0,
    result: Promise.resolve() as never,
  };
  job.result = build(request, digest, job).finally(() => jobs.delete(key));
  // every caller sees the failure through its own wait; one that has left must not make it an unhandled rejection
  job.result.catch(() => {});
  jobs.set(key, job);
  return job;
}

/** Waits for a job as one of its callers; leaving as the last one ends the build, and waits until it is cleaned up. */
async function waitFor(job: Job, { onLine, signal }: EnvironmentRequest): Promise<Environment> {
  if (onLine) {
    for (const line of job.lines) onLine(line);
    job.listeners.add(onLine);
  }
  job.waiting++;
  const leave = new AbortController();
  const left = new Promise<void>((resolve) => {
    signal?.addEventListener("abort", () => resolve(), { once: true, signal: leave.signal });
  });
  try {
    await Promise.race([job.result.catch(() => {}), left]);
    if (!signal?.aborted) return await job.result;
    if (job.waiting === 1) {
      job.controller.abort(signal.reason);
      await job.result.catch(() => {});
    }
    throw signal.reason;
  } finally {
    leave.abort();
    job.waiting--;
    if (onLine) job.listeners.delete(onLine);
  }
}

/**
 * The environment of a specification, built when it is not there yet. Calls for the same one at the same time share
 * one build and its log. A failed or interrupted build leaves only its log.
 * Throws `package-not-found`, `environment-failed`, `disk-full`, or the reason of `signal`.
 */
export async function ensureEnvironment(request: EnvironmentRequest): Promise<Environment> {
  const { spec, interpreter, folder, signal } = request;
  const digest = specDigest(spec, spec.kind === "conda" ? null : interpreter);
  const key = join(folder, digest);
  for (;;) {
    signal?.throwIfAborted();
    const running = jobs.get(key);
    if (running?.controller.signal.aborted) {
      await running.result.catch(() => {});
      continue;
    }
    if (running) return { ...(await waitFor(running, request)), built: false };
    const ready = await readEnvironment(folder, digest);
    if (ready) return ready;
    if (!jobs.has(key)) return await waitFor(startJob(request, digest, key), request);
  }
}
