import type { Db } from "../../kernel/db.ts";
import type { MonitorPorts, RowGroup } from "../ports.ts";
import { headNames, namesOf, recordNames, recordsIn, startsIn } from "./file-columns.ts";
import { findFresh, freshAfter, newestFresh } from "./fresh-records.ts";
import { mayHold } from "./id-filter.ts";
import { fieldsAsked, idsAsked, matches } from "./matches.ts";
import { filterOfIds, lastFileNumber, pathOfFile, type RecordFile, selectFiles } from "./rows/files.ts";
import { type RecordFilter, type StoredRecord, withModels } from "./rows/records.ts";

/** Records are in the database while they are new, and in files later; whoever reads sees one store. */
type ReadPorts = Pick<MonitorPorts, "db" | "files">;

const pageRows = 200;

/** Newest first, before a sequence number. Bodies and answers of those in files are left out. */
export async function newestRecords(
  ports: ReadPorts,
  filter: RecordFilter,
  limit: number,
  before = Number.POSITIVE_INFINITY,
): Promise<StoredRecord[]> {
  const leave = await ports.files.gate.enter();
  try {
    return await newestOf(ports, filter, limit, before);
  } finally {
    leave();
  }
}

async function newestOf(
  ports: ReadPorts,
  filter: RecordFilter,
  limit: number,
  before: number,
): Promise<StoredRecord[]> {
  const { db } = ports;
  const fresh = await newestFresh(db, filter, limit, before);
  // what left for a file between the two questions is in both
  const found = new Map(fresh.map((record) => [record.sequence, record]));
  const newest = () => [...found.values()].sort((a, b) => b.sequence - a.sequence).slice(0, limit);
  const files = (await selectFiles(db, filter)).sort((a, b) => b.last_sequence - a.last_sequence);
  for (const file of files) {
    const last = newest()[limit - 1];
    if (last !== undefined && file.last_sequence < last.sequence) break;
    // Of the groups behind it, last first, only those that are read in which one of the page may be.
    const isOfPage = ({ span }: RowGroup) => {
      const { least, most } = span("sequence") ?? { least: 0, most: Number.POSITIVE_INFINITY };
      return least < before && most >= (newest()[limit - 1]?.sequence ?? 0);
    };
    for await (const record of recordsOfFile(ports, file, filter, headNames, { lastFirst: true, isWanted: isOfPage }))
      if (record.sequence < before && !found.has(record.sequence)) found.set(record.sequence, record);
    const kept = new Set(newest());
    for (const [sequence, record] of found) if (!kept.has(record)) found.delete(sequence);
  }
  return newest();
}

/** The newest record of a request id (clients may send one id twice): of the answer that the client got, or of a mirror's. */
export async function findRecord(ports: ReadPorts, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
  const fresh = await findFresh(ports.db, id, mirrored);
  if (fresh !== undefined) return fresh;
  const leave = await ports.files.gate.enter();
  try {
    return await findInFiles(ports, id, mirrored);
  } finally {
    leave();
  }
}

async function findInFiles(ports: ReadPorts, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
  const { db } = ports;
  const files = (await selectFiles(db, {})).sort((a, b) => b.last_sequence - a.last_sequence);
  let newest: StoredRecord | undefined;
  for (const file of files) {
    if (newest !== undefined && file.last_sequence < newest.sequence) break;
    for await (const record of recordsOfFile(ports, file, { id }, recordNames))
      if ((record.mirrored === 1) === mirrored && record.sequence > (newest?.sequence ?? 0)) newest = record;
  }
  return newest;
}

/**
 * Those in files first, day by day and revision by revision, then those in the database: within a revision oldest first. Read in pages, so that an export of
 * any size stays small in memory; a record that leaves for a file on the way comes once.
 */
export async function* everyRecord(ports: ReadPorts, filter: RecordFilter): AsyncIterable<StoredRecord> {
  const leave = await ports.files.gate.enter();
  try {
    yield* recordsOfBoth(ports, filter);
  } finally {
    leave();
  }
}

async function* recordsOfBoth(ports: ReadPorts, filter: RecordFilter): AsyncIterable<StoredRecord> {
  const { db } = ports;
  let { files, last } = await catalogue(db, filter, 0);
  for (const file of files) yield* recordsOfFile(ports, file, filter, recordNames);
  for (let after = 0; ; ) {
    const next = await db.transaction(async (tx) => ({
      ...(await catalogue(tx, filter, last)),
      page: await freshAfter(tx, filter, after, pageRows),
    }));
    ({ files, last } = next);
    for (const file of files)
      for await (const record of recordsOfFile(ports, file, filter, recordNames))
        if (record.sequence > after) yield record;
    yield* next.page;
    after = next.page.at(-1)?.sequence ?? after;
    if (next.page.length === 0 && files.length === 0) return;
  }
}

/** The files behind a number, and the number of the last one there is. */
async function catalogue(db: Db, filter: RecordFilter, after: number): Promise<{ files: RecordFile[]; last: number }> {
  return { files: await selectFiles(db, filter, after), last: await lastFileNumber(db) };
}

/** Whether a file may hold a record of one of these ids. */
export async function mayHoldAny(db: Db, { number }: RecordFile, ids: readonly string[]): Promise<boolean> {
  const filter = await filterOfIds(db, number);
  return filter !== undefined && ids.some((id) => mayHold(filter, id));
}

interface GroupChoice {
  lastFirst?: boolean;
  isWanted?(group: RowGroup): boolean;
}

/**
 * The records of a file that match, by sequence within each group; `names` are the columns to read, of groups in which what the filter asks for is
 * found. A file that went meanwhile has none.
 */
export async function* recordsOfFile(
  { db, files }: ReadPorts,
  file: RecordFile,
  filter: RecordFilter,
  names: readonly string[],
  { lastFirst = false, isWanted = () => true }: GroupChoice = {},
): AsyncIterable<StoredRecord> {
  const { service, revision, untilMs, sinceMs } = filter;
  if (service !== undefined && file.service !== service) return;
  if (revision !== undefined && file.revision !== revision) return;
  if ((untilMs !== undefined && file.first_at >= untilMs) || (sinceMs !== undefined && file.last_at < sinceMs)) return;
  const ids = idsAsked(filter);
  if (ids !== undefined && !(await mayHoldAny(db, file, ids))) return;
  const asked = fieldsAsked(filter, file);
  const fits = (record: StoredRecord) => matches(record, { ...filter, service: undefined, revision: undefined });
  for await (const group of groupsOf({ db, files }, file.number, lastFirst)) {
    if (!isWanted(group)) continue;
    if (asked.length > 0 && !(await startsThat(fits, db, await group.read(namesOf(asked))))) continue;
    yield* (await withModels(db, recordsIn(await group.read(names)))).filter(fits);
  }
}

/** Whether one of the records that begin in these rows fits, by the fields that were read of it. */
async function startsThat(
  fits: (record: StoredRecord) => boolean,
  db: Db,
  rows: readonly Record<string, unknown>[],
): Promise<boolean> {
  const starts = startsIn(rows) as unknown as StoredRecord[];
  const images = [...new Set(starts.map(({ image }) => image))].filter((image) => image !== undefined);
  const models = new Map(
    (
      await withModels(
        db,
        images.map((image) => ({ image })),
      )
    ).map((one) => [one.image, one.models]),
  );
  return starts.some((start) => fits(Object.assign(start, { models: models.get(start.image) ?? [] })));
}

/** The groups of a file, wherever it is when it is opened: it may be written anew, or go, between two questions. */
async function* groupsOf({ db, files }: ReadPorts, number: number, lastFirst: boolean): AsyncIterable<RowGroup> {
  for (let tried: string | undefined; ; ) {
    const path = await pathOfFile(db, number);
    if (path === undefined || path === tried) return;
    tried = path;
    try {
      return yield* files.groups(path, { lastFirst });
    } catch (error) {
      // only opening it says so: nothing of it was given yet
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
