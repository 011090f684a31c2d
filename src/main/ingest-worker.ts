import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../kernel/clock.ts";
import { makeHostControl } from "../kernel/host-control.ts";
import { makeLog } from "../kernel/log.ts";
import { makeTurns, type Turns } from "../kernel/turns.ts";
import { makeIngest } from "../monitor/collect/ingest.ts";
import { openSqlite } from "../stores/db/sqlite.ts";
import { spoolFolders } from "../stores/spool-folder.ts";
import { recordConsumers } from "./consumers.ts";
import { gatherThread } from "./gather-thread.ts";
import type { FromIngest, IngestSettings, ToIngest } from "./ingest-messages.ts";
import { lowerPriority } from "./lower-priority.ts";

// Takes records over in a thread of its own: reading a spool of an hour must hold up no request to the server.

const port = parentPort;
if (port === null) throw new Error("this is the program of a thread");
const { database, host, gatherer, logLevel } = workerData as IngestSettings;
const tell = (message: FromIngest) => port.postMessage(message);
const log = makeLog("ingest", logLevel);

lowerPriority(log);

let begin = () => {};
const one = makeTurns();
/** The turns of the server's own connection, asked for by message. */
const turns: Turns = (work) =>
  one(async () => {
    await new Promise<void>((resolve) => {
      begin = resolve;
      tell({ kind: "want" });
    });
    try {
      return await work();
    } finally {
      tell({ kind: "left" });
    }
  });

const { db } = await openSqlite(database, turns);
const ingest = makeIngest({
  db,
  clock: systemClock,
  log,
  spool: spoolFolders(host, makeHostControl(host)),
  consumers: recordConsumers(),
  gatherElsewhere: gatherThread(gatherer, { database, logLevel }, log),
});

async function catchUp({ id, unhurried }: Extract<ToIngest, { kind: "catch-up" }>): Promise<void> {
  try {
    await ingest.catchUp({ unhurried });
    tell({ kind: "done", id });
  } catch (thrown) {
    const { message, stack, code } = thrown as NodeJS.ErrnoException;
    tell({ kind: "done", id, error: { message, stack, code } });
  }
}

port.on("message", (message: ToIngest) => {
  if (message.kind === "turn") begin();
  else void catchUp(message);
});
