import type { Handler } from "../../contract/operations.ts";
import { decodePageToken, pageOf } from "../../kernel/paging.ts";
import { sinceMs } from "../../kernel/time-spans.ts";
import type { LabelPorts } from "./ports.ts";
import { type LabelCursor, selectLabels } from "./rows.ts";
import { withoutRecord } from "./waiting.ts";

export const listLabels =
  ({ db, files, clock }: Pick<LabelPorts, "db" | "files" | "clock">): Handler<"listLabels"> =>
  async ({ pageSize, pageToken, since, ...filter }) => {
    const after = decodePageToken(pageToken, 4) as LabelCursor | undefined;
    const from = since === undefined ? undefined : sinceMs(since, clock.now());
    const rows = await selectLabels(db, { ...filter, sinceMs: from }, pageSize + 1, after);
    const missing = await withoutRecords({ db, files }, rows);
    return pageOf(
      rows,
      pageSize,
      ({ changedAt, id, service, row }) => [changedAt, id, service, row],
      (label) => ({ ...label, hasRecord: !missing.get(label.service)?.has(label.id) }),
    );
  };

/** By service, the ids of these labels under which no request is kept. */
async function withoutRecords(
  ports: Pick<LabelPorts, "db" | "files">,
  labels: readonly { service: string; id: string }[],
): Promise<Map<string, Set<string>>> {
  const missing = new Map<string, Set<string>>();
  for (const service of new Set(labels.map((label) => label.service))) {
    const ids = new Set(labels.filter((label) => label.service === service).map(({ id }) => id));
    missing.set(service, await withoutRecord(ports, service, ids));
  }
  return missing;
}
