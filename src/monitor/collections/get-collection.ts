import type { CollectionEntry } from "../../contract/collections.ts";
import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { decodeCollected } from "../../records/collected-table.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";
import { findCollections } from "./find-collections.ts";
import { findEntry, type StoredCollection, type StoredEntry, selectEntries } from "./rows.ts";

/** Rows of an entry that are shown; an export has all. */
const shownRows = 20;

export const getCollection =
  ({ db, clock, ingest }: Pick<MonitorPorts, "db" | "clock"> & { ingest: Ingest }): Handler<"getCollection"> =>
  async ({ pageSize, pageToken, correlationId, ...wanted }) => {
    if (pageToken === undefined) await ingest.catchUp();
    const { byId, filter } = await findCollections(db, wanted, clock.now());
    const before = decodePageToken(pageToken, 1)?.[0];
    const sequences = await selectEntries(
      db,
      { ...filter, correlationId },
      pageSize + 1,
      before === undefined ? undefined : Number(before),
    );
    const page = pageOf(
      sequences,
      pageSize,
      (sequence) => [sequence],
      (sequence) => sequence,
    );
    const items: CollectionEntry[] = [];
    // one after the other: bodies may be large, and few of their rows are shown
    for (const sequence of page.items) {
      const entry = await findEntry(db, sequence);
      if (entry !== undefined) items.push(describeEntry(entry, byId.get(entry.collection)));
    }
    return { ...page, items };
  };

function describeEntry(entry: StoredEntry, collection: StoredCollection | undefined): CollectionEntry {
  const table = decodeCollected(entry.format, entry.body);
  return {
    at: entry.at,
    revision: entry.revision,
    model: collection?.model || null,
    version: collection?.version || null,
    requestId: entry.request_id,
    correlationId: entry.correlation_id,
    rowCount: entry.row_count,
    columns: [...(table?.columns ?? [])],
    rows: table?.rows.slice(0, shownRows).map((row) => row.map(shownCell)) ?? [],
    reason: table === null ? "it is no table" : null,
  };
}

/** JSON has no infinity. */
const shownCell = (value: CollectionEntry["rows"][number][number]) =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? String(value) : value;
