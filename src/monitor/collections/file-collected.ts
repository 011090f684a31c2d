import type { Db } from "../../kernel/db.ts";
import { decodeCollected } from "../../records/collected-table.ts";
import type { CollectedEntry } from "../collect/spooled-entries.ts";
import { addToCollection, insertCollected } from "./rows.ts";

/**
 * Files what scripts collected under its collections, in the transaction that commits the position in the spool. A body that is not
 * understood is kept as it is, without columns.
 */
export async function fileCollected(tx: Db, entries: readonly CollectedEntry[]): Promise<void> {
  for (const { head, body } of entries) {
    const { service, collection, model, version, revision, requestId, correlationId, at, format } = head;
    const table = decodeCollected(format, body);
    const rows = table?.rows.length ?? 0;
    const id = await addToCollection(
      tx,
      { service, collection, model: model ?? "", version: version ?? "" },
      { rows, at },
    );
    await insertCollected(tx, {
      collection: id,
      revision,
      request_id: requestId,
      correlation_id: correlationId,
      at,
      format,
      columns: table === null ? null : JSON.stringify(table.columns),
      row_count: rows,
      body,
    });
  }
}
