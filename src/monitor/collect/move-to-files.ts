import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import type { FiledRecord } from "./file-columns.ts";
import { freshAfter } from "./fresh-records.ts";
import { gatherParts, type Part, pathOfPart } from "./parts.ts";
import { removeSpan } from "./remove-packed.ts";
import { insertFile, type NewRecordFile } from "./rows/files.ts";
import { lastSequenceBefore } from "./rows/packs.ts";
import { writeRecords } from "./write-records.ts";

const dayMs = 86_400_000;
const pageRows = 200;
type MovePorts = Pick<MonitorPorts, "db" | "files" | "log">;

export interface Moved {
  records: number;
  files: number;
  bytes: number;
}

/**
 * Takes records older than a moment out of the database into files of Parquet, one or more for each service, revision and day (UTC). A file is
 * whole and durable before the one transaction that adds it to the catalogue and deletes what it holds: a crash in between leaves a file that nobody
 * knows, and the next start removes it.
 */
export async function moveToFiles(
  ports: MovePorts,
  olderThanMs: number,
  tell: (moved: Moved) => void = () => {},
): Promise<Moved> {
  const { db } = ports;
  const done: Moved = { records: 0, files: 0, bytes: 0 };
  const last = await lastSequenceBefore(db, olderThanMs);
  const manifests = new Map<string, Manifest | undefined>();
  const parts = gatherParts();
  const writeParts = async () => {
    for (const part of parts.take()) {
      const file = await writePart(ports, part, manifests, olderThanMs);
      done.records += file.records;
      done.files += 1;
      done.bytes += file.bytes;
      tell(done);
    }
  };
  for (let after = 0; after < last; ) {
    const page = await freshAfter(db, { untilMs: olderThanMs }, after, pageRows);
    for (const record of page) {
      if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(db, record.image));
      parts.add({ record, decoded: decodeStored(record, manifests.get(record.image)) });
    }
    after = page.at(-1)?.sequence ?? last;
    if (parts.isFull()) await writeParts();
  }
  await writeParts();
  return done;
}

async function writePart(
  { db, files, log }: MovePorts,
  part: Part,
  manifests: ReadonlyMap<string, Manifest | undefined>,
  olderThanMs: number,
): Promise<NewRecordFile> {
  const { service, revision, day, records } = part;
  const { sequence } = (records[0] as FiledRecord).record;
  const path = pathOfPart(part);
  const file = await writeRecords(files, path, { service, revision, day }, records, manifests);
  const sinceMs = Date.parse(day);
  const span = { service, revision, firstSequence: sequence, lastSequence: file.last_sequence };
  await db.transaction(async (tx) => {
    const deleted = await removeSpan(tx, { ...span, sinceMs, untilMs: Math.min(sinceMs + dayMs, olderThanMs) });
    // somebody erased one of them meanwhile: nothing is changed, and the next round leaves it out
    if (deleted !== records.length) throw new Error(`${deleted} of ${records.length} records were there to move`);
    await insertFile(tx, file);
  });
  log.info({ path, records: file.records, bytes: file.bytes }, "records moved to a file");
  return file;
}
