import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import type { ErasedBeside, ErasedRecord, RecordEraser } from "./consumer.ts";
import { decodeStored } from "./decode-entry.ts";
import { type FiledRecord, recordNames } from "./file-columns.ts";
import { goesBy } from "./matches.ts";
import { mayHoldAny, recordsOfFile } from "./read-records.ts";
import { removeOfId } from "./remove-packed.ts";
import { deleteFile, pathOfFile, type RecordFile, replaceFile, selectFiles } from "./rows/files.ts";
import type { StoredRecord } from "./rows/records.ts";
import { addTombstones, emptyLog } from "./rows/tombstones.ts";
import { writeRecords } from "./write-records.ts";

type ErasePorts = Pick<MonitorPorts, "db" | "files" | "clock" | "log"> & { erasers: readonly RecordEraser[] };

export interface Erasure {
  /** What a client called its requests, or a request id. */
  id: string;
  service: string | undefined;
  /** Who erases. */
  by: string;
}

export interface Erased extends ErasedBeside {
  records: number;
  /** Files that were written anew. */
  files: number;
}

/**
 * Erases the records of an id: those in packs, and from every file that holds one. The tombstone comes first, so that what a spool still brings is not kept. When it breaks
 * off, asking again erases the rest.
 */
export async function erase(ports: ErasePorts, { id, service, by }: Erasure): Promise<Erased> {
  const { db, clock, erasers } = ports;
  const at = clock.now();
  const tell = async (tx: MonitorPorts["db"], records: readonly ErasedRecord[]) => {
    // under its own id labels, and what scripts collect, may come still
    await addTombstones(tx, records, at);
    for (const eraser of erasers) {
      const { collected = 0, labels = 0, datasets = [] } = await eraser.erased(tx, records, { id, service, by, at });
      done.collected += collected;
      done.labels += labels;
      done.datasets.push(...datasets);
    }
  };
  const done: Erased = { records: 0, collected: 0, labels: 0, datasets: [], files: 0 };
  await db.transaction(async (tx) => {
    await addTombstones(tx, [{ service: service ?? "", id }], at);
    const erased = await removeOfId(tx, id, service);
    done.records += erased.length;
    await tell(tx, erased);
  });
  for (const file of await selectFiles(db, service === undefined ? {} : { service })) {
    if (!(await mayHoldAny(db, file, [id]))) continue;
    const erased = await eraseFromFile(ports, file, id, tell);
    done.records += erased;
    if (erased > 0) done.files += 1;
  }
  for (const eraser of erasers) await eraser.finish();
  await emptyLog(db);
  return done;
}

/** Writes what is left beside the file, then puts it in its place. Gives how many records went. */
async function eraseFromFile(
  ports: ErasePorts,
  file: RecordFile,
  id: string,
  tell: (tx: MonitorPorts["db"], records: readonly ErasedRecord[]) => Promise<void>,
): Promise<number> {
  const { db, files, log } = ports;
  const left: FiledRecord[] = [];
  const erased: StoredRecord[] = [];
  const manifests = new Map<string, Manifest | undefined>();
  for await (const record of recordsOfFile(ports, file, {}, recordNames)) {
    if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(db, record.image));
    if (goesBy(record, id)) erased.push(record);
    else left.push({ record, decoded: decodeStored(record, manifests.get(record.image)) });
  }
  const path = await pathOfFile(db, file.number);
  if (erased.length === 0 || path === undefined) return 0;
  const partition = { service: file.service, revision: file.revision, day: file.day };
  const rest = left.length === 0 ? undefined : await writeRecords(files, nextPath(path), partition, left, manifests);
  await db.transaction(async (tx) => {
    if (rest === undefined) await deleteFile(tx, file.number);
    else await replaceFile(tx, file.number, rest);
    await tell(tx, erased);
  });
  await files.remove(path);
  log.info({ path, erased: erased.length, left: left.length }, "a file of records was written anew");
  return erased.length;
}

/** `000000000012.parquet`, then `000000000012-2.parquet`, …: the old file stays until the new one is in the catalogue. */
function nextPath(path: string): string {
  const [, base, number = "1"] = /^(.*?)(?:-(\d+))?\.parquet$/.exec(path) ?? [];
  return `${base}-${Number(number) + 1}.parquet`;
}
