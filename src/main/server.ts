import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { authenticate, authorise } from "../access/authenticate.ts";
import { addToken } from "../access/create-token.ts";
import type { AccessPorts } from "../access/ports.ts";
import { findTokenByHash } from "../access/rows/tokens.ts";
import { authenticateSession, endSession, openSession } from "../access/sessions.ts";
import { exitCodeOf } from "../contract/exit-codes.ts";
import { asModelyardError } from "../contract/known-error.ts";
import { addCloudEventsDoor } from "../doors/cloudevents/door.ts";
import { makeHttpApp } from "../doors/http/app.ts";
import { parseHosts } from "../doors/http/foreign-requests.ts";
import type { HttpPorts } from "../doors/http/ports.ts";
import { addMlflowDoor } from "../doors/mlflow/door.ts";
import { makeDelivery } from "../events/deliver.ts";
import { makeEventFeed } from "../events/event-feed.ts";
import type { EventsPorts } from "../events/ports.ts";
import { retainEvents } from "../events/retain-events.ts";
import { systemClock } from "../kernel/clock.ts";
import { afterCommit } from "../kernel/db.ts";
import { endTraced, makeExec } from "../kernel/exec.ts";
import { readTextIfAny, writeFileAtomic } from "../kernel/files.ts";
import { frontCount } from "../kernel/front-count.ts";
import { sha256 } from "../kernel/hash.ts";
import { makeHostControl } from "../kernel/host-control.ts";
import { listenOnPort } from "../kernel/listen.ts";
import { type Log, makeLog } from "../kernel/log.ts";
import { makeFolder } from "../kernel/make-folder.ts";
import { processStartTime } from "../kernel/process-identity.ts";
import { takeProcessLock } from "../kernel/process-lock.ts";
import { newServerToken } from "../kernel/server-token.ts";
import { readTlsPair, tlsFilesOf } from "../kernel/tls-files.ts";
import { makeTurns } from "../kernel/turns.ts";
import { driftSignals } from "../monitor/alerts/drift-signals.ts";
import { evaluateAlerts } from "../monitor/alerts/evaluate-alerts.ts";
import { qualitySignals } from "../monitor/alerts/quality-signals.ts";
import { selectStates } from "../monitor/alerts/rows.ts";
import { usageSignals } from "../monitor/alerts/usage-signals.ts";
import { trainingRows } from "../monitor/baseline/training-rows.ts";
import { makeKeeper } from "../monitor/collect/keeper.ts";
import { recordState } from "../monitor/collect/record-state.ts";
import { countDrops, selectDrops } from "../monitor/collect/rows/drops.ts";
import { collectedEraser } from "../monitor/collections/erase-collected.ts";
import { expireExternal } from "../monitor/collections/external/expire-external.ts";
import { takeEvent } from "../monitor/collections/external/take-event.ts";
import { retainCollected } from "../monitor/collections/retain-collected.ts";
import { cleanDatasets } from "../monitor/datasets/clean-datasets.ts";
import { pinDataset } from "../monitor/datasets/find-dataset.ts";
import { datasetEraser, removeErasedBytes } from "../monitor/datasets/mark-erased.ts";
import { watchDrift } from "../monitor/drift/watch-drift.ts";
import { labelEraser } from "../monitor/labels/erase-labels.ts";
import { readRecords } from "../monitor/labels/read-records.ts";
import { retainLabels } from "../monitor/labels/retain-labels.ts";
import { profileEraser } from "../monitor/profile/erase-profiles.ts";
import { retainProfiles } from "../monitor/profile/retain-profiles.ts";
import { driftSection } from "../monitor/report/drift-section.ts";
import { qualitySection } from "../monitor/report/quality-section.ts";
import { compactUsage } from "../monitor/usage/compact-usage.ts";
import { collectGarbage } from "../register/collect-garbage.ts";
import { mustKnowVersion } from "../register/find-model.ts";
import { fsBlobStore } from "../stores/blobs/fs.ts";
import { openSqlite } from "../stores/db/sqlite.ts";
import { parquetFolder } from "../stores/record-files/parquet.ts";
import { spoolFolders } from "../stores/spool-folder.ts";
import { environmentBuilder } from "../use/image/build-environments.ts";
import { cleanConverters, converterBuilder } from "../use/image/converters.ts";
import { cleanEnvironments } from "../use/image/environment.ts";
import { readAllCopies } from "../use/image/read-copies.ts";
import { removeImagesOfVersion } from "../use/image/remove-images.ts";
import { renameModelInUses, servicesOfImages, servicesOfVersion } from "../use/image/rows.ts";
import { reconcile } from "../use/reconcile.ts";
import { recover } from "../use/recover.ts";
import { makeServiceLocks } from "../use/service-locks.ts";
import { processTarget } from "../use/targets/process.ts";
import { alertMetrics } from "./alert-metrics.ts";
import { every, restful } from "./background.ts";
import { recordConsumers } from "./consumers.ts";
import { type HomeFolders, homeFolders } from "./home.ts";
import { ingestThread } from "./ingest-thread.ts";
import { localHost } from "./local-host.ts";
import { lowerSession } from "./lower-priority.ts";
import { machineEnvironment } from "./machine-environment.ts";
import { mlflowPorts } from "./mlflow-door.ts";
import { namingNearest } from "./nearest-names.ts";
import { recordLimit } from "./record-limit.ts";
import { recordMetrics } from "./record-metrics.ts";
import { makeHandlers } from "./server-handlers.ts";
import { lookupAddresses, sendWebhook } from "./webhook-sender.ts";

/** How old records are when they leave the database for a file. */
const freshMs = 3_600_000;

const program = dirname(fileURLToPath(import.meta.url));
const repository = dirname(program);
const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
const build = readFileSync(join(program, ".build"), "utf8").trim();

const environment = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
const toolEnvironment = Object.fromEntries(
  Object.entries(environment).filter(([name]) => !name.startsWith("MODELYARD_")),
);

/** Joins the parts of the control plane and serves until SIGTERM. */
async function main(folders: HomeFolders, log: Log): Promise<void> {
  const allowedHosts = parseHosts(environment.MODELYARD_ALLOWED_HOSTS ?? "", "MODELYARD_ALLOWED_HOSTS");
  const tls = tlsFilesOf(environment.MODELYARD_TLS_CERT, environment.MODELYARD_TLS_KEY);
  const mostRecordBytes = recordLimit(environment.MODELYARD_RECORD_MB ?? "");
  const fronts = frontCount(environment.MODELYARD_FRONTS || "1");
  // the host reads them; a mistake is told where somebody looks
  if (tls !== undefined) await readTlsPair(tls);
  await makeFolder(folders.run, 0o700);
  await makeFolder(folders.logs, 0o700);
  await takeProcessLock(folders.serverLock, {}, ({ pid }) => `the server with pid ${pid}`);
  const trace = resolve(folders.home);
  endTraced(trace);
  const exec = makeExec(trace);
  const turns = makeTurns();
  const { db: opened, close } = await openSqlite(folders.database, turns);
  const clock = systemClock;
  let url = "";
  const sending: Omit<EventsPorts, "db"> = {
    ...{ clock, log, source: () => url, send: sendWebhook, lookup: lookupAddresses },
    allowPrivate: environment.MODELYARD_ALLOW_PRIVATE_WEBHOOKS === "1",
  };
  const feed = makeEventFeed({ db: opened, source: () => url });
  const delivery = makeDelivery({ ...sending, db: afterCommit(opened, feed.wake) });
  const db = afterCommit(opened, () => {
    delivery.wake();
    feed.wake();
  });
  const blobs = fsBlobStore(folders.blobs);
  const control = makeHostControl(folders.host, () => host.isStarting());
  const host = localHost({
    control,
    folder: folders.host,
    supervisor: join(repository, "scripts", "supervise.sh"),
    program: join(program, "host.js"),
    env: {
      ...toolEnvironment,
      MODELYARD_HOST_FOLDER: folders.host,
      MODELYARD_SCORING_PORT: environment.MODELYARD_SCORING_PORT ?? "5081",
      ...(environment.MODELYARD_GRPC_PORT ? { MODELYARD_GRPC_PORT: environment.MODELYARD_GRPC_PORT } : {}),
      MODELYARD_SCORING_ADDRESS: environment.MODELYARD_SCORING_ADDRESS ?? "",
      MODELYARD_FRONTS: String(fronts),
      MODELYARD_TLS_CERT: tls?.cert ?? "",
      MODELYARD_TLS_KEY: tls?.key ?? "",
      MODELYARD_WORKER: join(program, "worker.zip"),
    },
    log: join(folders.logs, "host.log"),
  });
  const use = {
    db,
    clock,
    log,
    blobs,
    exec,
    onnxCheck: [process.execPath, join(program, "onnx-worker.js"), "--check"] as const,
    converters: converterBuilder({ exec, toolEnvironment, folder: folders.environments, now: clock.now }),
    compiler: {
      worker: join(program, "worker.zip"),
      compare: [process.execPath, join(program, "onnx-worker.js"), "--compare"] as const,
      environment: machineEnvironment(environment),
    },
    folders: { images: folders.images, environments: folders.environments },
    environments: environmentBuilder({
      exec,
      toolEnvironment,
      folder: folders.environments,
      cacheFolder: folders.cache,
    }),
    locks: makeServiceLocks(),
    targets: {
      process: processTarget({
        control,
        ensureHost: host.ensure,
        serverUrl: () => url,
        recordKeyFile: folders.recordKey,
      }),
    },
  };
  const uses = {
    servicesOf: servicesOfVersion,
    removeUnusedImages: removeImagesOfVersion(use.folders),
    servicesOfImages: (digests: readonly string[]) => servicesOfImages(db, digests),
    readCopies: () => readAllCopies(db, use.folders),
    renameModel: renameModelInUses,
  };
  const spool = spoolFolders(folders.host, control);
  const monitor = { db, clock, log, spool, files: parquetFolder(folders.records) };
  const datasets = { pin: pinDataset };
  const consumers = recordConsumers();
  const ingest = ingestThread(
    join(program, "ingest-worker.js"),
    {
      database: folders.database,
      host: folders.host,
      gatherer: join(program, "gather-worker.js"),
      logLevel: environment.MODELYARD_LOG_LEVEL,
    },
    turns,
    log,
  );
  const keeper = makeKeeper({
    ...monitor,
    ingest,
    mostBytes: mostRecordBytes,
    erasers: [datasetEraser({ db, blobs }), labelEraser, collectedEraser, profileEraser(monitor)],
  });
  const reading = { readRecords: readRecords(monitor), sortFolder: folders.sorting };
  const signals = [...usageSignals(db), ...driftSignals(monitor), ...qualitySignals({ db, ...reading })];
  const alerts = { db, clock, log, ingest, signals };

  await blobs.clean();
  await keeper.clean();
  await cleanDatasets({ db, sortFolder: folders.sorting });
  await cleanEnvironments(folders.environments);
  await cleanConverters(folders.environments);
  await ensureRecordKey(folders);
  await recover(use);
  await ensureAdminToken(folders, { db, clock });

  const training = trainingRows({ blobs });
  const sections = [driftSection(monitor), qualitySection({ db, ...reading })];
  const handlers = makeHandlers({
    ...sending,
    ...use,
    ...monitor,
    ...alerts,
    ...reading,
    ...{ feed, uses, keeper, recordsFolder: folders.records, mostRecordBytes, datasets, training, sections },
  });
  const admit: HttpPorts["admit"] = async (authorization, operation) => {
    const actor = await authenticate({ db, clock }, authorization);
    authorise(actor, operation);
    return actor;
  };
  const app = makeHttpApp({
    allowedHosts,
    handlers: namingNearest(handlers, db),
    admit,
    sessions: sessionsOf({ db, clock }),
    ...{ log, clock },
    version,
    build,
    docsFolder: join(repository, "docs"),
    webFolder: join(program, "web"),
    metrics: async () =>
      [
        await control.metrics(),
        alertMetrics(await selectStates(db)),
        recordMetrics(await recordState(monitor), await selectDrops(db)),
      ].join(""),
    url: () => url,
  });
  addMlflowDoor(app, { handlers, admit, log, ...mlflowPorts({ db, clock, blobs, uses, datasets, training }) });
  addCloudEventsDoor(app, {
    ...{ admit, log, clock },
    mustKnowVersion: (reference) => mustKnowVersion(db, reference),
    take: (event) => takeEvent({ ...monitor, consumers }, event),
    countRefused: (count) => countDrops(db, { "refused-event": count }),
  });
  await app.ready();
  const port = await listenOnPort(app.server, {
    port: Number(environment.MODELYARD_PORT ?? "5080"),
    address: "127.0.0.1",
    memory: folders.serverPort,
    variable: "MODELYARD_PORT",
  });
  url = `http://127.0.0.1:${port}`;

  const background = [
    every(5000, "reconcile", log, () => reconcile(use)),
    // who reads records takes over what is spooled first; this keeps the spool short
    every(restful(1000, 2000), "ingest", log, () => ingest.catchUp({ unhurried: true })),
    every(30_000, "evaluate-alerts", log, () => evaluateAlerts(alerts)),
    every(1000, "deliver", log, async () => delivery.wake()),
    every(3_600_000, "records", log, async () => {
      await keeper.move(clock.now() - freshMs);
      await keeper.merge();
      await keeper.retain();
    }),
    every(3_600_000, "retain-collected", log, () => retainCollected(monitor)),
    every(3_600_000, "compact-usage", log, () => compactUsage(monitor)),
    every(300_000, "watch-drift", log, () => watchDrift({ ...monitor, ingest })),
    every(3_600_000, "retain-profiles", log, () => retainProfiles({ db, clock })),
    every(60_000, "expire-external", log, () => expireExternal(monitor)),
    every(3_600_000, "retain-labels", log, () => retainLabels({ db, clock })),
    every(3_600_000, "retain-events", log, () => retainEvents({ db, clock })),
    every(60_000, "erase-datasets", log, () => removeErasedBytes({ db, blobs })),
    every(24 * 3_600_000, "collect-garbage", log, () => collectGarbage({ db, blobs, clock })),
  ];
  const stop = async () => {
    log.info({}, "stopping");
    for (const end of background) end();
    delivery.stop();
    await rm(folders.serverFile, { force: true });
    setTimeout(() => process.exit(0), 5000).unref();
    app.server.closeAllConnections();
    await app.close();
    await ingest.stop();
    await host.settled();
    await close();
    await rm(folders.serverLock, { force: true });
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
  await writeFileAtomic(
    folders.serverFile,
    JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid), url, build, fronts }),
  );
  log.info({ url, pid: process.pid, version }, "serving");
}

const sessionsOf = (ports: AccessPorts): HttpPorts["sessions"] => ({
  open: (signIn) => openSession(ports, signIn),
  end: (secret) => endSession(ports, secret),
  admit: async (secret, operation) => {
    const actor = await authenticateSession(ports, secret);
    authorise(actor, operation);
    return actor;
  },
});

/** The token the local CLI reads. The file comes first: a crash between the two is mended at the next start. */
async function ensureAdminToken(folders: HomeFolders, ports: Parameters<typeof addToken>[0]): Promise<void> {
  const kept = (await readTextIfAny(folders.adminToken))?.trim();
  const token = kept ?? newServerToken();
  if (kept === undefined) await writeFileAtomic(folders.adminToken, `${token}\n`);
  if ((await findTokenByHash(ports.db, sha256(token))) === undefined)
    await addToken(ports, { role: "admin", name: "admin", token, lifeMs: null, by: "server" });
}

/** The key of hmac rules, one for all services of the home. It is never made anew while it is there: what was written must still join. */
async function ensureRecordKey({ recordKey }: HomeFolders): Promise<void> {
  if ((await readTextIfAny(recordKey)) === undefined)
    await writeFileAtomic(recordKey, `${randomBytes(32).toString("hex")}\n`);
}

const folders = homeFolders(environment.MODELYARD_HOME ?? join(homedir(), ".modelyard"));
const log = makeLog("server", environment.MODELYARD_LOG_LEVEL);
lowerSession(log);
try {
  await main(folders, log);
} catch (cause) {
  const error = asModelyardError(cause);
  if (error.code === "internal")
    log.error({ cause: cause instanceof Error ? cause.stack : String(cause) }, "the server could not start");
  else process.stderr.write(`${error.message}\n${error.fix}\n`);
  await writeFileAtomic(folders.serverError, JSON.stringify(error.toPublic())).catch(() => {});
  process.exit(exitCodeOf(error));
}
