import type { HistoryEntry } from "../contract/update.ts";
import { audited } from "./audit.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import type { StoredService } from "./rows.ts";

/** Does something to a service that stands, alone and written down in its history. */
export function changeService<Result>(
  ports: Pick<UsePorts, "db" | "clock" | "locks">,
  name: string,
  { action, by, differences = [] }: Pick<HistoryEntry, "action" | "by"> & Partial<Pick<HistoryEntry, "differences">>,
  work: (service: StoredService) => Promise<Result>,
): Promise<Result> {
  return ports.locks.hold(name, `${action} by ${by}`, async () => {
    const service = await mustFindService(ports.db, name);
    return audited(ports, name, { action, by, reason: null, differences }, async () => ({
      revision: service.revision,
      result: await work(service),
    }));
  });
}
