import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import type { DatasetPorts } from "./ports.ts";
import { selectDatasets } from "./rows.ts";

export const listDatasets =
  ({ db }: Pick<DatasetPorts, "db">): Handler<"listDatasets"> =>
  async ({ pageSize, pageToken, ...filter }) => {
    const before = decodePageToken(pageToken, 1)?.[0];
    const rows = await selectDatasets(db, filter, pageSize + 1, before === undefined ? undefined : Number(before));
    return pageOf(
      rows,
      pageSize,
      ({ number }) => [number],
      ({ number: _, ...dataset }) => dataset,
    );
  };
