import { setImmediate } from "node:timers/promises";
import type { Db } from "../../kernel/db.ts";
import { idsAsked, matches } from "./matches.ts";
import { openPack } from "./pack.ts";
import { entriesOf, findPack, type PackRow, packsAfter, packsBefore, placesOf } from "./rows/packs.ts";
import { type RecordFilter, type RecordRow, type StoredRecord, withModels } from "./rows/records.ts";

/** Records that are no older than an hour: they are in packs of the database. */

/** Newest first, before a sequence number. */
export const newestFresh = (db: Db, filter: RecordFilter, limit: number, before: number): Promise<StoredRecord[]> =>
  firstOf(limit, walk(db, filter, { before }));

/** The next ones behind a sequence number, oldest first. */
export const freshAfter = (db: Db, filter: RecordFilter, after: number, limit: number): Promise<StoredRecord[]> =>
  firstOf(limit, walk(db, filter, { after }));

/** The newest record of a request id (clients may send one id twice): of the answer that the client got, or of a mirror's. */
export async function findFresh(db: Db, id: string, mirrored: boolean): Promise<StoredRecord | undefined> {
  for await (const record of walk(db, { id }, { before: Number.POSITIVE_INFINITY }))
    if ((record.mirrored === 1) === mirrored) return record;
  return undefined;
}

/** Records of a service that have one of these ids, as their own or as their client's. */
export async function freshOfIds(db: Db, service: string, ids: readonly string[]): Promise<Sequenced[]> {
  const found = await recordsOfIds(db, ids, 0);
  return found.filter((record) => record.service === service);
}

async function firstOf<Item>(limit: number, items: AsyncIterable<Item>): Promise<Item[]> {
  const first: Item[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length >= limit) break;
  }
  return first;
}

type Sequenced = RecordRow & { sequence: number };

/** One way or the other. */
type Way = { before: number } | { after: number };

/** All that match a filter, in one order or the other. */
async function* walk(db: Db, filter: RecordFilter, way: Way): AsyncIterable<StoredRecord> {
  const modelsOf = makeModels(db);
  const ids = idsAsked(filter);
  for await (const record of ids === undefined ? everyRecord(db, filter, way) : inOrder(db, ids, way)) {
    const stored = { ...record, models: await modelsOf(record.image) };
    if (matches(stored, filter)) yield stored;
  }
}

const lies = ({ sequence }: Pick<Sequenced, "sequence">, way: Way): boolean =>
  "after" in way ? sequence > way.after : sequence < way.before;
const along = (a: Pick<Sequenced, "sequence">, b: Pick<Sequenced, "sequence">, way: Way): number =>
  "after" in way ? a.sequence - b.sequence : b.sequence - a.sequence;

async function* inOrder(db: Db, ids: readonly string[], way: Way): AsyncIterable<Sequenced> {
  const found = await recordsOfIds(db, ids);
  yield* found.filter((record) => lies(record, way)).sort((a, b) => along(a, b, way));
}

async function recordsOfIds(db: Db, ids: readonly string[], isTrace?: 0 | 1): Promise<Sequenced[]> {
  const found: Sequenced[] = [];
  for (const { pack, place } of await placesOf(db, ids, isTrace)) {
    const row = await findPack(db, pack);
    const opened = row && (await openRow(db, row));
    const record = opened?.pack.recordAt(place);
    if (record !== undefined) found.push({ ...record, sequence: opened?.sequenceAt(place) as number });
  }
  return found;
}

/** Batch by batch, of which each is small. */
async function* everyRecord(db: Db, filter: RecordFilter, way: Way): AsyncIterable<Sequenced> {
  for (let next = way; ; ) {
    const rows =
      "after" in next ? await packsAfter(db, filter, next.after) : await packsBefore(db, filter, next.before);
    const [first] = rows;
    if (first === undefined) return;
    yield* recordsOfBatch(db, rows, way);
    // the database answers at once: without this nobody else would have a turn
    await setImmediate();
    next = "after" in way ? { after: Math.max(...rows.map((row) => row.last_sequence)) } : { before: first.batch };
  }
}

async function* recordsOfBatch(db: Db, rows: readonly PackRow[], way: Way): AsyncIterable<Sequenced> {
  const found: { sequence: number; read(): RecordRow | undefined }[] = [];
  for (const row of rows) {
    const opened = await openRow(db, row);
    for (const index of opened?.pack.places.keys() ?? [])
      found.push({ sequence: opened?.sequenceAt(index) as number, read: () => opened?.pack.recordAt(index) });
  }
  for (const { sequence, read } of found.filter((one) => lies(one, way)).sort((a, b) => along(a, b, way))) {
    const record = read();
    if (record !== undefined) yield { ...record, sequence };
  }
}

/** Undefined when it left for a file meanwhile. */
async function openRow(db: Db, row: PackRow) {
  const entries = await entriesOf(db, row);
  if (entries === undefined) return undefined;
  const pack = openPack(entries);
  return { pack, sequenceAt: (index: number): number => row.batch + (pack.places[index] as number) };
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
