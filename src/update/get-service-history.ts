import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import type { UsePorts } from "../use/ports.ts";
import { selectHistory } from "../use/rows.ts";

/** Also of a service that was deleted: its history stays. */
export const getServiceHistory =
  ({ db }: Pick<UsePorts, "db">): Handler<"getServiceHistory"> =>
  async ({ name, pageSize, pageToken }) => {
    const rows = await selectHistory(db, name, pageSize + 1, decodePageToken(pageToken, 1)?.[0]?.toString());
    if (rows.length === 0 && pageToken === undefined) throw new ModelyardError("service-not-found", { service: name });
    return pageOf(
      rows,
      pageSize,
      (entry) => [entry.id],
      (entry) => entry,
    );
  };
