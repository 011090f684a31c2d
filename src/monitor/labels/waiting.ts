import { mayHoldAny } from "../collect/read-records.ts";
import { pathOfFile, selectFiles } from "../collect/rows/files.ts";
import type { MonitorPorts } from "../ports.ts";
import { idsWithRecord, type OneLabel } from "./rows.ts";

type ReadPorts = Pick<MonitorPorts, "db" | "files">;

/** Ids that are looked up together: each time files of records may be read. */
const idsAtOnce = 100_000;
const idsAsked = 5000;

/** Ids that are named: enough to see what is wrong with them. */
const mostNamed = 10;

/** Counts labels whose record is not here, and names the first ids. */
export interface WaitingLabels {
  add(labels: readonly OneLabel[]): Promise<void>;
  told(): Promise<Waiting>;
}

export interface Waiting {
  waiting: number;
  waitingIds: string[];
}

export function waitingLabels(ports: ReadPorts, service: string): WaitingLabels {
  let labels = new Map<string, number>();
  const told: Waiting = { waiting: 0, waitingIds: [] };
  const settle = async () => {
    for (const id of await withoutRecord(ports, service, labels.keys())) {
      told.waiting += labels.get(id) ?? 0;
      if (told.waitingIds.length < mostNamed) told.waitingIds.push(id);
    }
    labels = new Map();
  };
  return {
    async add(more) {
      for (const { id } of more) labels.set(id, (labels.get(id) ?? 0) + 1);
      if (labels.size >= idsAtOnce) await settle();
    },
    async told() {
      await settle();
      return told;
    },
  };
}

/** Those of the ids under which no request of the service is kept, neither in the database nor in files. */
export async function withoutRecord(ports: ReadPorts, service: string, ids: Iterable<string>): Promise<Set<string>> {
  const leave = await ports.files.gate.enter();
  try {
    return await lookFor(ports, service, [...ids]);
  } finally {
    leave();
  }
}

async function lookFor(ports: ReadPorts, service: string, all: readonly string[]): Promise<Set<string>> {
  const { db, files } = ports;
  const missing = new Set(all);
  for (let start = 0; start < all.length; start += idsAsked)
    for (const id of await idsWithRecord(db, service, all.slice(start, start + idsAsked))) missing.delete(id);
  for (const file of await selectFiles(db, { service })) {
    if (missing.size === 0) break;
    if (!(await mayHoldAny(db, file, [...missing]))) continue;
    const path = await pathOfFile(db, file.number);
    if (path === undefined) continue;
    for await (const rows of files.read(path, ["id", "correlation_id"]))
      for (const { id, correlation_id } of rows) {
        missing.delete(String(id));
        missing.delete(String(correlation_id));
      }
  }
  return missing;
}
