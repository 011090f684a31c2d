import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import type { Ingest } from "../collect/ingest.ts";
import type { MonitorPorts } from "../ports.ts";
import { selectUnused } from "./unused/rows.ts";

export const listUnusedModels =
  ({ db, clock, ingest }: Pick<MonitorPorts, "db" | "clock"> & { ingest: Ingest }): Handler<"listUnusedModels"> =>
  async ({ days, deployed, pageSize, pageToken }) => {
    if (pageToken === undefined) await ingest.catchUp();
    const rows = await selectUnused(db, {
      before: clock.now() - days * 86_400_000,
      deployed,
      limit: pageSize + 1,
      after: decodePageToken(pageToken, 2),
    });
    return pageOf(
      rows,
      pageSize,
      ({ model, version }) => [model, version],
      (row) => row,
    );
  };
