import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { resolveReference } from "../../register/find-model.ts";
import type { Ingest } from "../collect/ingest.ts";
import { mustKnowService } from "../known-services.ts";
import type { MonitorPorts } from "../ports.ts";
import { selectCollections } from "./rows.ts";

export const listCollections =
  ({ db, ingest }: Pick<MonitorPorts, "db"> & { ingest: Ingest }): Handler<"listCollections"> =>
  async ({ pageSize, pageToken, service, model }) => {
    if (pageToken === undefined) await ingest.catchUp();
    await mustKnowService(db, service);
    const filter = { service, model: await resolveReference(db, model) };
    const rows = await selectCollections(db, filter, pageSize + 1, decodePageToken(pageToken, 4));
    return pageOf(
      rows,
      pageSize,
      (row) => [row.service, row.collection, row.model, row.version],
      (row) => ({
        service: row.service,
        collection: row.collection,
        model: row.model || null,
        version: row.version || null,
        entries: row.entries,
        rows: row.row_count,
        columns: JSON.parse(row.columns ?? "[]") as string[],
        firstAt: row.first_at,
        lastAt: row.last_at,
      }),
    );
  };
