import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import type { RegisterPorts } from "./ports.ts";
import { selectVersions } from "./rows.ts";

export const listModels =
  ({ db }: Pick<RegisterPorts, "db">): Handler<"listModels"> =>
  async ({ name, tag, framework, digest, pageSize, pageToken }) => {
    const tags = tag === undefined ? [] : [tag].flat();
    const after = decodePageToken(pageToken, 3);
    const rows = await selectVersions(db, { name, framework, digest, tags, limit: pageSize + 1, after });
    return pageOf(
      rows,
      pageSize,
      (row) => [row.createdAt, row.name, row.version],
      (row) => row,
    );
  };
