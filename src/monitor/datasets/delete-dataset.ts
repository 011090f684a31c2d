import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { emit } from "../../kernel/outbox.ts";
import { mustFindDataset } from "./find-dataset.ts";
import type { DatasetPorts } from "./ports.ts";
import { findDatasets, removeDataset, versionsTrainedOn } from "./rows.ts";

/** Its bytes go with the next collection of garbage, unless something else names them. */
export const deleteDataset =
  ({ db, clock }: Pick<DatasetPorts, "db" | "clock">): Handler<"deleteDataset"> =>
  async ({ name, digest }, { actor }) =>
    db.transaction(async (tx) => {
      const found = await mustFindDataset(tx, name, digest);
      if (digest === undefined && (await findDatasets(tx, name, undefined)).length > 1)
        throw new ModelyardError("invalid-input", { problems: `there are several ${name}: write ${name}@DIGEST` });
      const { reference } = found;
      const versions = await versionsTrainedOn(tx, reference);
      if (versions.length > 0) throw new ModelyardError("dataset-in-use", { dataset: reference, versions });
      await removeDataset(tx, found.number);
      const data = { name, digest: found.digest, rows: found.rows, service: found.service };
      const told = { subject: `datasets/${name}`, data, actor: actor.name, at: clock.now() };
      await emit(tx, { type: "modelyard.dataset.deleted", ...told });
      return { reference };
    });
