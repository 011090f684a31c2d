import { setImmediate } from "node:timers/promises";
import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import type { FiledRecord } from "./file-columns.ts";
import { insertFile, type NewRecordFile } from "./rows/files.ts";
import { deleteSpan, lastSequenceBefore, selectRecordsAfter } from "./rows/records.ts";
import { writeRecords } from "./write-records.ts";

const dayMs = 86_400_000;
const pageRows = 200;
/** What may be in memory on its way to files: bytes of bodies and answers, and values of typed columns. */
const mostBytes = 32 << 20;
const mostValues = 4_000_000;

type MovePorts = Pick<MonitorPorts, "db" | "files" | "log">;

/** Records of one revision and day. */
interface Part {
  day: string;
  records: FiledRecord[];
}

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
  let parts = new Map<string, Part>();
  let held = { bytes: 0, values: 0 };
  const writeParts = async () => {
    for (const part of parts.values()) {
      const file = await writePart(ports, part, manifests, olderThanMs);
      done.records += file.records;
      done.files += 1;
      done.bytes += file.bytes;
      tell(done);
    }
    parts = new Map();
    held = { bytes: 0, values: 0 };
  };
  for (let after = 0; after < last; ) {
    const page = await selectRecordsAfter(db, { untilMs: olderThanMs }, after, pageRows);
    for (const record of page) {
      if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(db, record.image));
      const filed = { record, decoded: decodeStored(record, manifests.get(record.image)) };
      addTo(parts, filed);
      held.bytes += record.body.length + record.answer.length;
      held.values += valuesIn(filed);
    }
    after = page.at(-1)?.sequence ?? last;
    // the database answers at once: without this nobody else would have a turn
    await setImmediate();
    if (held.bytes > mostBytes || held.values > mostValues) await writeParts();
  }
  await writeParts();
  return done;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function addTo(parts: Map<string, Part>, filed: FiledRecord): void {
  const { service, revision, at } = filed.record;
  const day = dayOf(at);
  const key = `${service}/${revision}/${day}`;
  const part = parts.get(key);
  if (part === undefined) parts.set(key, { day, records: [filed] });
  else part.records.push(filed);
}

/** Values of a record in a file: its rows have the head again each. */
function valuesIn({ decoded: { inputs, predictions } }: FiledRecord): number {
  const rows = Math.max(1, inputs?.rows.length ?? 0, predictions?.rows.length ?? 0);
  return rows * (25 + (inputs?.columns.length ?? 0) + (predictions?.columns.length ?? 0));
}

async function writePart(
  { db, files, log }: MovePorts,
  { day, records }: Part,
  manifests: ReadonlyMap<string, Manifest | undefined>,
  olderThanMs: number,
): Promise<NewRecordFile> {
  const { service, revision, sequence } = (records[0] as FiledRecord).record;
  const path = `${service}/${revision}/${day}/${String(sequence).padStart(12, "0")}.parquet`;
  const file = await writeRecords(files, path, { service, revision, day }, records, manifests);
  const sinceMs = Date.parse(day);
  const span = { service, revision, firstSequence: sequence, lastSequence: file.last_sequence };
  await db.transaction(async (tx) => {
    const deleted = await deleteSpan(tx, { ...span, sinceMs, untilMs: Math.min(sinceMs + dayMs, olderThanMs) });
    // somebody erased one of them meanwhile: nothing is changed, and the next round leaves it out
    if (deleted !== records.length) throw new Error(`${deleted} of ${records.length} records were there to move`);
    await insertFile(tx, file);
  });
  log.info({ path, records: file.records, bytes: file.bytes }, "records moved to a file");
  return file;
}
