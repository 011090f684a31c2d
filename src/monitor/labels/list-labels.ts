import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { pastMs } from "../../kernel/time-spans.ts";
import { mustKnowService } from "../known-services.ts";
import { keptRows } from "./kept-rows.ts";
import type { LabelPorts } from "./ports.ts";
import { type LabelCursor, selectLabels } from "./rows.ts";

export const listLabels =
  ({ db, files, clock }: Pick<LabelPorts, "db" | "files" | "clock">): Handler<"listLabels"> =>
  async ({ pageSize, pageToken, since, ...filter }) => {
    await mustKnowService(db, filter.service);
    const after = decodePageToken(pageToken, 4) as LabelCursor | undefined;
    const from = since === undefined ? undefined : pastMs(since, clock.now());
    const rows = await selectLabels(db, { ...filter, sinceMs: from }, pageSize + 1, after);
    const kept = await keptByService({ db, files }, rows);
    return pageOf(
      rows,
      pageSize,
      ({ changedAt, id, service, row }) => [changedAt, id, service, row],
      (label) => ({ ...label, hasRecord: (kept.get(label.service)?.get(label.id) ?? 0) > label.row }),
    );
  };

/** By service, of the ids of these labels under which a request is kept, the rows it has. */
async function keptByService(
  ports: Pick<LabelPorts, "db" | "files">,
  labels: readonly { service: string; id: string; row: number }[],
): Promise<Map<string, Map<string, number>>> {
  const kept = new Map<string, Map<string, number>>();
  for (const service of new Set(labels.map((label) => label.service))) {
    const wanted = new Map<string, number>();
    for (const label of labels)
      if (label.service === service) wanted.set(label.id, Math.max(label.row, wanted.get(label.id) ?? 0));
    kept.set(service, await keptRows(ports, service, wanted));
  }
  return kept;
}
