import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { commandsThatFree } from "../register/delete-model.ts";
import { mustFindImage } from "./get-image.ts";
import { removeImage } from "./image/remove-images.ts";
import { servicesOfImages } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";

/** Only the current revision of a service holds an image, and one that is being rolled out; earlier ones cannot be gone back to. */
export const deleteImage =
  ({ db, clock, folders }: Pick<UsePorts, "db" | "clock" | "folders">): Handler<"deleteImage"> =>
  ({ digest: prefix }, { actor }) =>
    db.transaction(async (tx) => {
      const image = await mustFindImage(tx, prefix);
      const { digest, input } = image;
      const services = await servicesOfImages(tx, [digest]);
      if (services.length > 0)
        throw new ModelyardError("image-in-use", { image: digest, services, commands: commandsThatFree(services) });
      await removeImage(tx, folders, image, { by: actor.name, at: clock.now() });
      return { digest, models: input.models };
    });
