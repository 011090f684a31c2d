import { writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { exitCodeOf } from "../contract/exit-codes.ts";
import { asModelyardError } from "../contract/known-error.ts";
import { makeJsonLog } from "../host/json-log.ts";
import { type Host, startHost } from "../host/start-host.ts";
import { systemClock } from "../kernel/clock.ts";
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

const log = makeJsonLog("host", systemClock, writeLine);

function stopOnSignals(host: Host): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => void host.close().then(() => process.exit(0)));
  }
}

try {
  const port = Number(setting("MODELYARD_SCORING_PORT", "5081"));
  stopOnSignals(
    await startHost({
      folder: setting("MODELYARD_HOST_FOLDER"),
      port,
      // the one behind it, so that moving one port moves both
      grpcPort: Number(setting("MODELYARD_GRPC_PORT", String(port === 0 ? 0 : port + 1))),
      address: setting("MODELYARD_SCORING_ADDRESS", "127.0.0.1"),
      worker: setting("MODELYARD_WORKER", join(import.meta.dirname, "worker.zip")),
      onnxWorker: join(import.meta.dirname, "onnx-worker.js"),
      workerEnvironment: machineEnvironment(process.env),
      temporaryFolder: tmpdir(),
      version: manifest.version,
      clock: systemClock,
      log,
      onClosed: () => process.exit(0),
    }),
  );
} catch (thrown) {
  const error = asModelyardError(thrown);
  if (error.code === "internal") log.error({ error: (thrown as Error).stack }, "the host could not start");
  else process.stderr.write(`${error.message}. ${error.fix}\n`);
  process.exit(exitCodeOf(error));
}
