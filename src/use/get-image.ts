import { ModelyardError } from "../contract/errors.ts";
import type { Handler } from "../contract/operations.ts";
import { layOut } from "./image/layout.ts";
import { describeImage, findImages, type StoredImage } from "./image/rows.ts";
import type { UsePorts } from "./ports.ts";

export const getImage =
  ({ db }: Pick<UsePorts, "db">): Handler<"getImage"> =>
  async ({ digest }) => {
    return describeImage(await mustFindImage(db, digest), false);
  };

/** An image whose files are on this disk as they were built; what was changed or lost is written anew. */
export async function standingImage(
  { db, blobs, folders }: Pick<UsePorts, "db" | "blobs" | "folders">,
  digest: string,
): Promise<StoredImage> {
  const image = await mustFindImage(db, digest);
  await layOut(folders, blobs, image);
  return image;
}

/** An image by its digest or by as many first digits as make it unique. */
export async function mustFindImage(db: UsePorts["db"], digest: string): Promise<StoredImage> {
  const [image, another] = await findImages(db, digest);
  if (image === undefined) throw new ModelyardError("image-not-found", { image: digest });
  if (another !== undefined)
    throw new ModelyardError("invalid-input", {
      problems: `several images start with ${digest}: give more of its digits`,
    });
  return image;
}
