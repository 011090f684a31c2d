import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { mustFindVersion } from "./get-model.ts";
import type { RegisterPorts } from "./ports.ts";
import { deleteVersion } from "./rows.ts";

export const deleteModel =
  ({ db, uses }: Pick<RegisterPorts, "db" | "uses">): Handler<"deleteModel"> =>
  async ({ name, version }) => {
    const { reference } = await mustFindVersion(db, name, version);
    const services = await uses.servicesOf(name, version);
    if (services.length > 0) {
      const commands = services.map(
        (service) =>
          `\`modelyard service update ${service} --model <another>\` or \`modelyard service delete ${service}\``,
      );
      throw new ModelyardError("version-in-use", { model: reference, services, commands });
    }
    const deletedImages = await db.transaction(async (tx) => {
      const images = await uses.removeUnusedImages(tx, name, version);
      await deleteVersion(tx, name, version);
      return images;
    });
    return { reference, deletedImages };
  };
