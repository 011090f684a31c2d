import type { Handler } from "../contract/operations.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { resolveReference } from "../register/find-model.ts";
import { describeService, observeAll, withoutReplicas } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { selectServices } from "./rows.ts";

export const listServices =
  (ports: Pick<UsePorts, "db" | "targets" | "log">): Handler<"listServices"> =>
  async ({ model, pageSize, pageToken }) => {
    const after = decodePageToken(pageToken, 1)?.[0]?.toString();
    const rows = await selectServices(ports.db, {
      model: await resolveReference(ports.db, model),
      limit: pageSize + 1,
      after,
    });
    const page = pageOf(
      rows,
      pageSize,
      (row) => [row.name],
      (row) => row,
    );
    const seen = await observeAll(ports);
    const items = await Promise.all(
      page.items.map(async (row) => withoutReplicas(await describeService(ports, row, seen))),
    );
    return { ...page, items };
  };
