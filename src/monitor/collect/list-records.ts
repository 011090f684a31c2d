import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import type { MonitorPorts } from "../ports.ts";
import { summariseRecord } from "./describe-record.ts";
import { filterOf } from "./filter.ts";
import type { Ingest } from "./ingest.ts";
import { newestRecords } from "./read-records.ts";

export const listRecords =
  ({
    db,
    files,
    clock,
    ingest,
  }: Pick<MonitorPorts, "db" | "files" | "clock"> & { ingest: Ingest }): Handler<"listRecords"> =>
  async ({ pageSize, pageToken, ...filter }) => {
    if (pageToken === undefined) await ingest.catchUp();
    const before = decodePageToken(pageToken, 1)?.[0];
    const rows = await newestRecords(
      { db, files },
      await filterOf(db, filter, clock.now()),
      pageSize + 1,
      before === undefined ? undefined : Number(before),
    );
    return pageOf(rows, pageSize, (row) => [row.sequence], summariseRecord);
  };
