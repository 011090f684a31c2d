import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import type { Db } from "../kernel/db.ts";
import { mustFindVersion } from "./get-model.ts";
import type { RegisterPorts, UsesOfVersions } from "./ports.ts";
import { refuseProtected } from "./protected-aliases.ts";
import { recordChange } from "./record-change.ts";
import { aliasesOf } from "./rows/aliases.ts";
import { changeModel } from "./rows/models.ts";
import { deleteVersion } from "./rows/versions.ts";

export const deleteModel =
  ({ db, clock, uses }: Pick<RegisterPorts, "db" | "clock" | "uses">): Handler<"deleteModel"> =>
  async ({ name, version }, { actor }) => {
    const { reference, digest } = await mustFindVersion(db, { name, version });
    const deletedImages = await db.transaction(async (tx) => {
      await refuseInUse(tx, uses, name, [version]);
      refuseProtected(name, await aliasesOf(tx, name, version), actor.role);
      const change = { by: actor.name, at: clock.now() };
      const images = await uses.removeUnusedImages(tx, name, version, change);
      await deleteVersion(tx, name, version);
      await changeModel(tx, name, { updated_at: change.at });
      await recordChange(tx, { type: "modelyard.version.deleted", name, version, data: { digest } }, change);
      return images;
    });
    return { reference, deletedImages };
  };

/** Throws version-in-use, which names the holders and what frees the version, when a service holds one of these. */
export async function refuseInUse(
  tx: Db,
  uses: UsesOfVersions,
  name: string,
  versions: readonly number[],
): Promise<void> {
  for (const version of versions) {
    const services = await uses.servicesOf(tx, name, version);
    if (services.length > 0)
      throw new ModelyardError("version-in-use", {
        model: `${name}:${version}`,
        services,
        commands: commandsThatFree(services),
      });
  }
}

/** What lets services let go of what they hold. */
export const commandsThatFree = (services: readonly string[]): string[] =>
  services.map(
    (service) => `\`modelyard service update ${service} --model <another>\` or \`modelyard service delete ${service}\``,
  );
