import { parentPort, workerData } from "node:worker_threads";
import { makeLog } from "../kernel/log.ts";
import { makeTurns } from "../kernel/turns.ts";
import { gatherPart } from "../monitor/collect/gather-part.ts";
import { openSqlite } from "../stores/db/sqlite.ts";
import { recordConsumers } from "./consumers.ts";
import type { Gathered, GatherSettings, ToGather } from "./gather-thread.ts";
import { lowerPriority } from "./lower-priority.ts";

// Decodes and counts records while another thread writes those before. It reads signatures and layouts from the database, and writes nothing.

const port = parentPort;
if (port === null) throw new Error("this is the program of a thread");
const { database, logLevel } = workerData as GatherSettings;
lowerPriority(makeLog("gather", logLevel));
const { db } = await openSqlite(database, makeTurns());
const consumers = recordConsumers();

async function gather(part: Uint8Array): Promise<Gathered> {
  try {
    const data = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    return { gathered: await gatherPart(db, consumers, data) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

port.on("message", async ({ part, reply }: ToGather) => reply.postMessage(await gather(part)));
