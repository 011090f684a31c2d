import type { ModelyardError } from "../contract/errors.ts";
import type { HistoryEntry } from "../contract/update.ts";
import { audited } from "./audit.ts";
import { mustFindService } from "./describe-service.ts";
import type { UsePorts } from "./ports.ts";
import { findService, type StoredService } from "./rows.ts";

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

/**
 * Ends a change that waits for a revision of a service, which nobody should have to wait for who wants the service gone. Gives the
 * error of that change when the service went with it, as it was its first.
 */
export async function endChange(
  { db, locks }: Pick<UsePorts, "db" | "locks">,
  name: string,
  { action, by }: Pick<HistoryEntry, "action" | "by">,
): Promise<ModelyardError | undefined> {
  const ended = await locks.end(name, `${action} by ${by}`);
  return ended !== undefined && (await findService(db, name)) === undefined ? ended : undefined;
}
