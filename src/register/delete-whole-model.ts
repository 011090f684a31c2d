import type { Handler } from "../contract/operations.ts";
import { refuseInUse } from "./delete-model.ts";
import { mustFindModel } from "./find-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { refuseProtected } from "./protected-aliases.ts";
import { recordChange } from "./record-change.ts";
import { aliasesOf } from "./rows/aliases.ts";
import { deleteModelRows } from "./rows/models.ts";
import { numbersOf } from "./rows/versions.ts";

export const deleteWholeModel =
  ({ db, clock, uses }: Pick<RegisterPorts, "db" | "clock" | "uses">): Handler<"deleteWholeModel"> =>
  async ({ name }, { actor }) => {
    await mustFindModel(db, name);
    return db.transaction(async (tx) => {
      const versions = await numbersOf(tx, name);
      await refuseInUse(tx, uses, name, versions);
      refuseProtected(name, await aliasesOf(tx, name), actor.role);
      const change = { by: actor.name, at: clock.now() };
      const images = new Set<string>();
      for (const version of versions)
        for (const image of await uses.removeUnusedImages(tx, name, version, change)) images.add(image);
      await deleteModelRows(tx, name, change.at);
      await recordChange(tx, { type: "modelyard.model.deleted", name, data: { versions } }, change);
      return { name, deletedVersions: versions.map((version) => `${name}:${version}`), deletedImages: [...images] };
    });
  };
