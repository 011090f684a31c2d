import type { Handler } from "../../contract/operations.ts";
import { decodeCollected, valueText } from "../../records/collected-table.ts";
import type { Table, Value } from "../../records/table.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";
import { csvLines } from "./csv.ts";
import { findCollections } from "./find-collections.ts";
import { columnsOfEntries, type EntryFilter, everyEntry, type StoredCollection, type StoredEntry } from "./rows.ts";

/** What is known of an entry, beside its own columns; the sign keeps the names apart, as in Azure ML's files. */
const ownColumns = ["$at", "$revision", "$model", "$version", "$request_id", "$correlation_id"];

export const exportCollection =
  ({ db, clock, ingest }: Pick<MonitorPorts, "db" | "clock"> & { ingest: Ingest }): Handler<"exportCollection"> =>
  async ({ format, ...wanted }) => {
    await ingest.catchUp();
    const { byId, filter } = await findCollections(db, wanted, clock.now());
    const csv = format === "csv";
    const entries = everyTable(db, filter, byId);
    return {
      contentType: csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
      fileName: `${wanted.collection.replace(/[^\w.-]/g, "_")}.${format}`,
      body: csv ? asCsv(await columnsOfEntries(db, filter), entries) : asJsonLines(entries),
    };
  };

type Entry = { own: Value[]; table: Table };

async function* everyTable(
  db: MonitorPorts["db"],
  filter: EntryFilter,
  byId: ReadonlyMap<number, StoredCollection>,
): AsyncIterable<Entry> {
  for await (const entry of everyEntry(db, filter)) {
    const table = decodeCollected(entry.format, entry.body);
    if (table !== null) yield { own: ownCells(entry, byId.get(entry.collection)), table };
  }
}

function ownCells(entry: StoredEntry, collection: StoredCollection | undefined): Value[] {
  const { at, revision, request_id, correlation_id } = entry;
  const model = collection?.model || null;
  return [new Date(at).toISOString(), revision, model, collection?.version || null, request_id, correlation_id];
}

/** Under the columns of all entries; those an entry does not have are empty. */
async function* asCsv(lists: readonly string[][], entries: AsyncIterable<Entry>): AsyncIterable<Uint8Array> {
  const columns = [...new Set(lists.flat())];
  yield csvLines([[...ownColumns, ...columns]]);
  for await (const { own, table } of entries) {
    const places = columns.map((column) => table.columns.indexOf(column));
    yield csvLines(table.rows.map((row) => [...own, ...places.map((place) => row[place] ?? null)]));
  }
}

async function* asJsonLines(entries: AsyncIterable<Entry>): AsyncIterable<Uint8Array> {
  for await (const { own, table } of entries) {
    const names = [...ownColumns, ...table.columns].map((name) => JSON.stringify(name));
    const lines = table.rows.map((row) => {
      const cells = [...own, ...row].map((cell, index) => `${names[index]}:${valueText(cell)}`);
      return `{${cells.join(",")}}\n`;
    });
    yield Buffer.from(lines.join(""));
  }
}
