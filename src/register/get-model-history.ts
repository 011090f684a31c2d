import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import type { RegisterPorts } from "./ports.ts";
import { selectHistory } from "./rows/history.ts";
import { findModelRow } from "./rows/models.ts";

/** Also of a model that was deleted or renamed: its history stays. */
export const getModelHistory =
  ({ db }: Pick<RegisterPorts, "db">): Handler<"getModelHistory"> =>
  async ({ name, version, pageSize, pageToken }) => {
    if ((await findModelRow(db, name)) === undefined) throw new ModelyardError("model-not-found", { model: name });
    const [before] = decodePageToken(pageToken, 1) ?? [];
    const rows = await selectHistory(db, name, {
      version,
      limit: pageSize + 1,
      beforeId: before === undefined ? undefined : Number(before),
    });
    return pageOf(
      rows,
      pageSize,
      (entry) => [entry.id],
      (entry) => entry,
    );
  };
