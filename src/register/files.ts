import { ModelyardError } from "../contract/errors.ts";
import { checkPaths } from "../contract/file-paths.ts";
import type { FileEntry } from "../contract/operation.ts";
import type { BlobStore } from "./ports.ts";

/** Refuses paths that leave their folder or name one place twice, and files whose bytes were not uploaded. Gives true sizes. */
export async function checkFiles(blobs: BlobStore, files: readonly FileEntry[]): Promise<FileEntry[]> {
  checkPaths(files.map(({ path }) => path));
  return Promise.all(
    files.map(async ({ path, digest }) => {
      await blobs.renew(digest);
      const blob = await blobs.find(digest);
      if (blob === undefined) throw new ModelyardError("blob-not-found", { digest });
      return { path, digest, size: blob.size };
    }),
  );
}
