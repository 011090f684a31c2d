import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindListed } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { recordChange } from "./record-change.ts";
import { changeModel } from "./rows/models.ts";
import { archiveOthersOfStage, changeVersion } from "./rows/versions.ts";

/** One transaction: with `archiveExisting` exactly one version is left in the stage, however many ask at once. */
export const transitionStage =
  ({ db, clock }: Pick<RegisterPorts, "db" | "clock">): Handler<"transitionStage"> =>
  ({ name, version, stage, archiveExisting }, { actor }) => {
    if (archiveExisting && (stage === "None" || stage === "Archived"))
      throw new ModelyardError("invalid-input", {
        problems: `archiveExisting: goes with Staging and Production, not with ${stage}`,
      });
    return db.transaction(async (tx) => {
      const before = await mustFindListed(tx, { name, version });
      const at = clock.now();
      const who = { by: actor.name, at };
      const type = "modelyard.version.stage.changed";
      const others = archiveExisting ? await archiveOthersOfStage(tx, { name, version, stage, at }) : [];
      for (const other of others)
        await recordChange(tx, { type, name, version: other, data: { from: stage, to: "Archived" } }, who);
      await changeVersion(tx, name, version, { stage, updated_at: at });
      await changeModel(tx, name, { updated_at: at });
      if (before.stage !== stage)
        await recordChange(tx, { type, name, version, data: { from: before.stage, to: stage } }, who);
      return mustFindListed(tx, { name, version });
    });
  };
