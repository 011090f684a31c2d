import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import type { MonitorPorts } from "../ports.ts";
import { summariseRecord } from "./describe-record.ts";
import { filterOf } from "./filter.ts";
import type { Ingest } from "./ingest.ts";
import { selectRecords } from "./rows/records.ts";

export const listRecords =
  ({ db, clock, ingest }: Pick<MonitorPorts, "db" | "clock"> & { ingest: Ingest }): Handler<"listRecords"> =>
  async ({ pageSize, pageToken, ...filter }) => {
    if (pageToken === undefined) await ingest.catchUp();
    const before = decodePageToken(pageToken, 1)?.[0];
    const rows = await selectRecords(
      db,
      await filterOf(db, filter, clock.now()),
      pageSize + 1,
      before === undefined ? undefined : Number(before),
    );
    return pageOf(rows, pageSize, (row) => [row.sequence], summariseRecord);
  };
