import { findImages } from "./image/rows.ts";
import { planService } from "./plan.ts";
import type { UsePorts } from "./ports.ts";
import { type StoredRevision, selectRevisions, selectServices } from "./rows.ts";

type Ports = Pick<UsePorts, "db" | "folders" | "targets">;

const turns = new WeakMap<Ports["db"], Promise<void>>();

/**
 * Brings every target to what the database wants. Running it twice changes nothing. Calls run one after the other: what was
 * read first must never be applied last. `without` leaves a service out this once.
 */
export function reconcile(ports: Ports, options: { without?: string } = {}): Promise<void> {
  const turn = (turns.get(ports.db) ?? Promise.resolve()).catch(() => {}).then(() => applyWanted(ports, options));
  turns.set(ports.db, turn);
  return turn;
}

async function applyWanted({ db, folders, targets }: Ports, { without }: { without?: string }): Promise<void> {
  const services = (await selectServices(db)).filter(({ name }) => name !== without);
  const revisions = await selectRevisions(db, ["active", "candidate"]);
  for (const target of Object.values(targets)) {
    const here = services.filter((service) => service.settings.target === target.name);
    await target.apply(
      await Promise.all(
        here.map(async (service) => {
          const mine = revisions.filter((revision) => revision.service === service.name);
          return planService(folders, service, await withImages(db, mine));
        }),
      ),
    );
  }
}

async function withImages(db: UsePorts["db"], revisions: readonly StoredRevision[]) {
  const found = await Promise.all(
    revisions.map(async (revision) => ({ revision, image: (await findImages(db, revision.image))[0] })),
  );
  return found.flatMap(({ revision, image }) => (image === undefined ? [] : [{ revision, image }]));
}
