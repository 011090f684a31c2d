import { cleanImages } from "./image/layout.ts";
import { allImageDigests } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";
import { deleteServiceRow, endInterruptedHistory, selectRevisions, selectServices, setRevisionState } from "./rows.ts";

const interrupted = "The server stopped while this was going on.";

/** Ends what a stopped server left half-done: its candidates, services that never became ready, half-written images. Run at start. */
export async function recover({ db, folders }: Pick<UsePorts, "db" | "folders">): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { service, revision } of await selectRevisions(tx, ["candidate"]))
      await setRevisionState(tx, service, revision, "failed");
    for (const service of await selectServices(tx))
      if (service.revision === 0) await deleteServiceRow(tx, service.name);
    await endInterruptedHistory(tx, interrupted);
  });
  await cleanImages(folders, await allImageDigests(db));
}
