import { setImmediate } from "node:timers/promises";
import type { Db } from "../../kernel/db.ts";
import { idsAsked, matches } from "./matches.ts";
import { openPack } from "./pack.ts";
import { entriesOf, findPack, type PackRow, packsAfter, packsBefore, placesOf } from "./rows/packs.ts";
import { type RecordFilter, type StoredRecord, withModels } from "./rows/records.ts";

/** Records that are no older than an hour: they are in packs of the database. */

/** Newest first, before a sequence number. */
export async function newestFresh(
  db: Db,
  filter: RecordFilter,
  limit: number,
  before: number,
): Promise<StoredRecord[]> {
  const newest: StoredRecord[] = [];
  for await (const batch of batches(db, filter, { before }))
    for (const record of batch) {
      newest.push(record);
      if (newest.length >= limit) return newest;
    }
  return newest;
}

/**
 * The next ones behind a sequence number, oldest first: as many as `enough`, and what else came in the batch of the last of them, so that no batch is
 * read twice. None when there are no more.
 */
export async function freshAfter(db: Db, filter: RecordFilter, after: number, enough: number): Promise<StoredRecord[]> {
  const page: StoredRecord[] = [];
  for await (const batch of batches(db, filter, { after })) {
    for (const record of batch) page.push(record);
    if (page.length >= enough) break;
  }
  return page;
}

/** The newest record of a request id (clients may send one id twice): of the answer that the client got, or of a mirror's. */
export async function findFresh(db: Db, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
  for await (const batch of batches(db, { id }, { before: Number.POSITIVE_INFINITY }))
    for (const record of batch) if ((record.mirrored === 1) === mirrored) return record;
  return undefined;
}

/** Records of a service that have one of these ids, as their own or as their client's. */
export async function freshOfIds(db: Db, service: string, ids: readonly string[]): Promise<StoredRecord[]> {
  const found = await recordsOfIds(db, ids, 0);
  return found.filter((record) => record.service === service);
}

/** One way or the other. */
type Way = { before: number } | { after: number };

interface Placed {
  sequence: number;
}
const lies = ({ sequence }: Placed, way: Way): boolean =>
  "after" in way ? sequence > way.after : sequence < way.before;
const along = (a: Placed, b: Placed, way: Way): number =>
  "after" in way ? a.sequence - b.sequence : b.sequence - a.sequence;

/** All that match a filter, in one order or the other, batch by batch. They are read when they are asked for. */
async function* batches(db: Db, filter: RecordFilter, way: Way): AsyncIterable<Iterable<StoredRecord>> {
  const ids = idsAsked(filter);
  if (ids !== undefined) {
    const found = (await recordsOfIds(db, ids)).filter((record) => matches(record, filter) && lies(record, way));
    return yield found.sort((a, b) => along(a, b, way));
  }
  const modelsOf = makeModels(db);
  for (let next = way; ; ) {
    const rows =
      "after" in next ? await packsAfter(db, filter, next.after) : await packsBefore(db, filter, next.before);
    const [first] = rows;
    if (first === undefined) return;
    const opened = [];
    for (const row of rows) opened.push(await openRow(db, row, modelsOf));
    yield recordsOfBatch(opened, filter, way);
    // the database answers at once: without this nobody else would have a turn
    await setImmediate();
    next = "after" in way ? { after: Math.max(...rows.map((row) => row.last_sequence)) } : { before: first.batch };
  }
}

/** Packs of one batch lie side by side: their records are read in the order of the numbers of all. */
function* recordsOfBatch(opened: readonly OpenRow[], filter: RecordFilter, way: Way): Iterable<StoredRecord> {
  const places: { sequence: number; row: OpenRow; index: number }[] = [];
  for (const row of opened)
    for (let index = 0; index < row.size; index += 1) {
      const place = { sequence: row.sequenceAt(index), row, index };
      if (lies(place, way)) places.push(place);
    }
  for (const { row, index } of places.sort((a, b) => along(a, b, way))) {
    const record = row.recordAt(index);
    if (record !== undefined && matches(record, filter)) yield record;
  }
}

async function recordsOfIds(db: Db, ids: readonly string[], isTrace?: 0 | 1): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  const modelsOf = makeModels(db);
  const byPack = new Map<number, number[]>();
  for (const { pack, place } of await placesOf(db, ids, isTrace))
    byPack.set(pack, [...(byPack.get(pack) ?? []), place]);
  for (const [pack, places] of byPack) {
    const row = await findPack(db, pack);
    const opened = row && (await openRow(db, row, modelsOf));
    for (const place of places) {
      const record = opened?.recordAt(place);
      if (record !== undefined) found.push(record);
    }
  }
  return found;
}

interface OpenRow {
  size: number;
  sequenceAt(index: number): number;
  /** Undefined when it is gone. */
  recordAt(index: number): StoredRecord | undefined;
}

/** What left for a file meanwhile has no records. */
async function openRow(db: Db, row: PackRow, modelsOf: (image: string) => Promise<string[]>): Promise<OpenRow> {
  const { places, recordAt } = openPack((await entriesOf(db, row)) ?? Buffer.alloc(0));
  const models = await modelsOf(row.image);
  const sequenceAt = (index: number) => row.batch + (places[index] as number);
  return {
    size: places.length,
    sequenceAt,
    recordAt: (index) => {
      const record = recordAt(index);
      return record && { ...record, sequence: sequenceAt(index), models };
    },
  };
}

/** Models of images, each asked for once. */
function makeModels(db: Db): (image: string) => Promise<string[]> {
  const known = new Map<string, string[]>();
  return async (image) => {
    let models = known.get(image);
    if (models === undefined) {
      models = (await withModels(db, [{ image }]))[0]?.models ?? [];
      known.set(image, models);
    }
    return models;
  };
}
