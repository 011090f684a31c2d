import { existsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { exitCodeOf } from "../contract/exit-codes.ts";
import { asModelyardError } from "../contract/known-error.ts";
import { startFronts } from "../host/fronts/start-fronts.ts";
import { makeJsonLog } from "../host/json-log.ts";
import { type Host, limitsOfFront, startHost } from "../host/start-host.ts";
import { systemClock } from "../kernel/clock.ts";
import { forgetEndReason, noteEndReason } from "../kernel/end-reason.ts";
import { frontCount } from "../kernel/front-count.ts";
import { keepTlsPair, tlsFilesOf } from "../kernel/tls-files.ts";
import { askTlsPair, launchFront } from "./fronts.ts";
import { machineEnvironment } from "./machine-environment.ts";

function setting(name: string, absent?: string): string {
  const value = process.env[name] || absent;
  if (value !== undefined) return value;
  process.stderr.write(`${name} is not set\n`);
  process.exit(2);
}

/** A log on a full disk costs lines, never the host: process.stderr would end it with an uncaught error. */
function writeLine(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // there is nowhere to tell it
  }
}

/** Of Linux: a tmpfs that all share. */
const shared = "/dev/shm";

const front = process.env.MODELYARD_FRONT;
const log = makeJsonLog(front === undefined ? "host" : `host front ${front}`, systemClock, writeLine);

function stopOnSignals(host: Host): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => void host.close().then(() => process.exit(0)));
  }
}

const port = Number(setting("MODELYARD_SCORING_PORT", "5081"));
const place = {
  folder: setting("MODELYARD_HOST_FOLDER"),
  port,
  // the one behind it, so that moving one port moves both
  grpcPort: Number(setting("MODELYARD_GRPC_PORT", String(port === 0 ? 0 : port + 1))),
  address: setting("MODELYARD_SCORING_ADDRESS", "127.0.0.1"),
  memory: existsSync(shared) ? shared : undefined,
  clock: systemClock,
  log,
  onClosed: () => process.exit(0),
};

/** One process, or as many as MODELYARD_FRONTS says and one that speaks for them. */
async function start(): Promise<Host> {
  const tls = tlsFilesOf(process.env.MODELYARD_TLS_CERT, process.env.MODELYARD_TLS_KEY);
  const count = frontCount(setting("MODELYARD_FRONTS", "1"));
  if (front === undefined && count > 1) {
    const pair = tls && (await keepTlsPair(tls, systemClock, log));
    return startFronts({ ...place, count, launch: (one) => launchFront(one, pair) });
  }
  return startHost({
    ...place,
    tls,
    tlsPair: tls && front !== undefined ? await askTlsPair() : undefined,
    readyFirstMs: process.env.MODELYARD_FRONT_AGAIN ? 30_000 : undefined,
    worker: setting("MODELYARD_WORKER", join(import.meta.dirname, "worker.zip")),
    onnxWorker: join(import.meta.dirname, "onnx-worker.js"),
    workerEnvironment: machineEnvironment(process.env),
    temporaryFolder: tmpdir(),
    version: manifest.version,
    docsFolder: join(import.meta.dirname, "../docs"),
    limits: limitsOfFront(Number(setting("MODELYARD_FRONT_COUNT", "1"))),
  });
}

try {
  stopOnSignals(await start());
  await forgetEndReason(place.folder);
} catch (thrown) {
  const error = asModelyardError(thrown);
  // the folder that another host holds is not this one's to write in; that of a front is
  if (front !== undefined || error.code !== "lock-held") await noteEndReason(place.folder, error.message);
  if (error.code === "internal") log.error({ error: (thrown as Error).stack }, "the host could not start");
  else process.stderr.write(`${error.message}. ${error.fix}\n`);
  process.exit(exitCodeOf(error));
}
