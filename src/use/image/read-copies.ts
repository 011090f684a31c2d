import type { CopyOfFile } from "../../register/ports.ts";
import type { UsePorts } from "../ports.ts";
import { type ImageFolders, isLaidOut, readCopies } from "./layout.ts";
import { allImageDigests, findImages, servicesOfImages } from "./rows.ts";

/** Reads all files of all images that are laid out. One whose folder is gone is of no matter while no service holds it. */
export async function* readAllCopies(db: UsePorts["db"], folders: ImageFolders): AsyncGenerator<CopyOfFile> {
  for (const digest of await allImageDigests(db)) {
    const [image] = await findImages(db, digest);
    if (image === undefined) continue;
    if (!(await isLaidOut(folders, digest)) && (await servicesOfImages(db, [digest])).length === 0) continue;
    for await (const { place, size, problem } of readCopies(folders, image))
      yield { image: digest, path: place, size, problem };
  }
}
