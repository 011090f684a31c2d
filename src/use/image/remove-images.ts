import type { Db } from "../../kernel/db.ts";
import { emit } from "../../kernel/outbox.ts";
import { type ImageFolders, removeLaidOut } from "./layout.ts";
import { deleteImageRows, findImages, imagesOfVersion, type StoredImage } from "./rows.ts";

/** Removes an image that no service holds and tells it, in one transaction. */
export async function removeImage(
  tx: Db,
  folders: ImageFolders,
  image: StoredImage,
  { by, at }: { by: string; at: number },
): Promise<void> {
  const { digest, input } = image;
  await deleteImageRows(tx, image);
  const data = { digest, models: input.models };
  await emit(tx, { type: "modelyard.image.deleted", subject: `images/${digest}`, data, actor: by, at });
  // Inside the transaction: a build of the same image that ends later sees that its files have gone. Should the transaction
  // not be kept, they are laid out again.
  await removeLaidOut(folders, digest);
}

/** Removes the images that hold a version, which no service holds; gives their digests. */
export const removeImagesOfVersion =
  (folders: ImageFolders) =>
  async (tx: Db, name: string, version: number, change: { by: string; at: number }): Promise<string[]> => {
    const digests = await imagesOfVersion(tx, name, version);
    for (const digest of digests)
      for (const image of await findImages(tx, digest)) await removeImage(tx, folders, image, change);
    return digests;
  };
