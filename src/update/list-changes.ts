import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import type { UsePorts } from "../use/ports.ts";
import { selectChanges } from "../use/rows.ts";

/** Also of services that were deleted. */
export const listChanges =
  ({ db }: Pick<UsePorts, "db">): Handler<"listChanges"> =>
  async ({ outcome, newest, pageSize, pageToken }) => {
    const before = decodePageToken(pageToken, 1)?.[0]?.toString();
    return pageOf(
      await selectChanges(db, { outcome, newest: newest === true, limit: pageSize + 1, before }),
      pageSize,
      (change) => [change.id],
      (change) => change,
    );
  };
