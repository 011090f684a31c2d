import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { sinceMs } from "../../kernel/time-spans.ts";
import type { LabelPorts } from "./ports.ts";
import { type LabelCursor, selectLabels } from "./rows.ts";

export const listLabels =
  ({ db, clock }: Pick<LabelPorts, "db" | "clock">): Handler<"listLabels"> =>
  async ({ pageSize, pageToken, since, ...filter }) => {
    const after = decodePageToken(pageToken, 4) as LabelCursor | undefined;
    const from = since === undefined ? undefined : sinceMs(since, clock.now());
    const rows = await selectLabels(db, { ...filter, sinceMs: from }, pageSize + 1, after);
    return pageOf(
      rows,
      pageSize,
      ({ changedAt, id, service, row }) => [changedAt, id, service, row],
      (label) => label,
    );
  };
