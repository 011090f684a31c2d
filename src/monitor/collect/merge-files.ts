import { setImmediate } from "node:timers/promises";
import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import { type FiledRecord, recordNames } from "./file-columns.ts";
import { gatherParts, type Part, pathOfPart } from "./parts.ts";
import { recordsOfFile } from "./read-records.ts";
import { deleteFile, insertFile, type RecordFile, selectUnsettled, settleFiles } from "./rows/files.ts";
import { writeRecords } from "./write-records.ts";

const hour = 3_600_000;
/** Of a day that ended so long ago, all that came in time is in files. */
const afterDayMs = 26 * hour;

type MergePorts = Pick<MonitorPorts, "db" | "files" | "clock" | "log">;

/**
 * Makes one file of the many that hours leave of a service, revision and day, or a few where one would be too much for the memory. The new file is whole
 * and durable before the one transaction that puts it into the catalogue in place of the others: a crash before it leaves a file that nobody knows, one after it
 * leaves the others, and the next start removes either. Nothing is put in place while somebody reads: the next hour tries again. Gives how many files went.
 */
export async function mergeFiles(ports: MergePorts): Promise<number> {
  const { db, clock, files, log } = ports;
  const over = new Date(clock.now() - afterDayMs).toISOString().slice(0, 10);
  let gone = 0;
  for (const group of groupsOf(await selectUnsettled(db, over))) {
    if (files.gate.readers() > 0) break;
    try {
      gone += await mergeGroup(ports, group);
    } catch (error) {
      // A damaged file, a full disk: the other days and what comes after must not wait for it.
      log.warn({ path: group[0]?.path, reason: String(error) }, "files of records could not be merged");
    }
  }
  return gone;
}

/** Files of one service, revision and day, oldest first. */
function groupsOf(found: readonly RecordFile[]): RecordFile[][] {
  const groups = new Map<string, RecordFile[]>();
  for (const file of found) {
    const key = `${file.service}/${file.revision}/${file.day}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

/** Takes files until memory holds enough, writes what they have, and goes on with the next. */
async function mergeGroup(ports: MergePorts, group: readonly RecordFile[]): Promise<number> {
  const manifests = new Map<string, Manifest | undefined>();
  let gone = 0;
  for (let next = 0; next < group.length; ) {
    const taken: RecordFile[] = [];
    const parts = gatherParts();
    while (next < group.length && !parts.isFull()) {
      const file = group[next++] as RecordFile;
      taken.push(file);
      for await (const record of recordsOfFile(ports, file, {}, recordNames)) {
        if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(ports.db, record.image));
        parts.add({ record, decoded: decodeStored(record, manifests.get(record.image)) });
      }
      await setImmediate();
    }
    const [part] = parts.take();
    if (part === undefined || taken.length === 1) await settleFiles(ports.db, taken);
    else if (await replace(ports, taken, part, manifests)) gone += taken.length - 1;
    else return gone;
  }
  return gone;
}

/** Puts one file in place of those whose records it has; gives whether nobody was in the way. */
async function replace(
  { db, files, log }: MergePorts,
  taken: readonly RecordFile[],
  part: Part,
  manifests: ReadonlyMap<string, Manifest | undefined>,
): Promise<boolean> {
  const bySequence = (a: FiledRecord, b: FiledRecord) => a.record.sequence - b.record.sequence;
  const whole = { ...part, records: part.records.sort(bySequence) };
  const { service, revision, day } = part;
  const expected = taken.reduce((sum, { records }) => sum + records, 0);
  // What a damaged or a vanished file has not told must not be deleted with it.
  if (whole.records.length !== expected)
    throw new Error(`${whole.records.length} of ${expected} records were there to merge`);
  const path = pathOfPart(whole).replace(/\.parquet$/, "m.parquet");
  const file = await writeRecords(files, path, { service, revision, day }, whole.records, manifests);
  const done = await files.gate.whenNobodyReads(() =>
    db.transaction(async (tx) => {
      for (const { number } of taken) await deleteFile(tx, number);
      await insertFile(tx, file, true);
    }),
  );
  for (const gone of done ? taken.map((one) => one.path) : [path]) await files.remove(gone);
  if (done)
    log.info({ path, files: taken.length, records: file.records, bytes: file.bytes }, "files of records were merged");
  return done;
}
