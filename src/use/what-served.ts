import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { sinceMs } from "../kernel/time-spans.ts";
import { currentName, findModelRow } from "../register/rows/models.ts";
import type { UsePorts } from "./ports.ts";
import { selectServed } from "./served/rows.ts";

/** Also of models and versions that were deleted since: what answered then does not change. */
export const whatServed =
  ({ db, clock }: Pick<UsePorts, "db" | "clock">): Handler<"whatServed"> =>
  async ({ name, version, at, pageSize, pageToken }) => {
    if ((await findModelRow(db, name)) === undefined) throw new ModelyardError("model-not-found", { model: name });
    const rows = await selectServed(db, {
      name: await currentName(db, name),
      version,
      at: at === undefined ? undefined : sinceMs(at, clock.now()),
      limit: pageSize + 1,
      after: decodePageToken(pageToken, 2),
    });
    return pageOf(
      rows,
      pageSize,
      (row) => [row.from, row.id],
      ({ id: _, ...row }) => row,
    );
  };
