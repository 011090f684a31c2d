import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Manifest } from "../../contract/image.ts";
import type { FileEntry } from "../../contract/operation.ts";
import { syncFolder } from "../../kernel/files.ts";
import { uuid7 } from "../../kernel/ids.ts";
import type { BlobStore } from "../../register/ports.ts";
import { pythonOf } from "./build-environment.ts";

/** Where the parts of an image stand on this machine. */
export interface ImageFolders {
  images: string;
  environments: string;
}

const imageFolder = (folders: ImageFolders, digest: string): string => join(folders.images, digest);

/** The folder Azure ML scripts know as AZUREML_MODEL_DIR: `…/azureml-models/<name>/<version>`. */
export const modelFolder = (folders: ImageFolders, digest: string, name: string, version: number): string =>
  join(imageFolder(folders, digest), "azureml-models", name, String(version));

export const sourceFolder = (folders: ImageFolders, digest: string): string =>
  join(imageFolder(folders, digest), "source");

export const interpreterOf = (folders: ImageFolders, manifest: Manifest): string =>
  pythonOf(join(folders.environments, manifest.environment.digest));

/**
 * Writes the files of an image out, verified on the way, and makes the folder visible at once when it is whole.
 * Files are copies: a script that writes beside its model cannot damage the registry.
 */
export async function layOut(
  folders: ImageFolders,
  blobs: BlobStore,
  digest: string,
  manifest: Manifest,
): Promise<void> {
  if (await isLaidOut(folders, digest)) return;
  const temp = `${imageFolder(folders, digest)}.${uuid7()}.tmp`;
  try {
    for (const { name, version, files } of manifest.models)
      await copyFiles(blobs, files, join(temp, "azureml-models", name, String(version)));
    if (manifest.script !== null) await copyFiles(blobs, manifest.script.files, join(temp, "source"));
    await rename(temp, imageFolder(folders, digest));
    await syncFolder(folders.images);
  } catch (error) {
    await rm(temp, { recursive: true, force: true });
    // Another build of the same image may have been first.
    if (!(await isLaidOut(folders, digest))) throw error;
  }
}

const isLaidOut = async (folders: ImageFolders, digest: string): Promise<boolean> =>
  (await stat(imageFolder(folders, digest)).catch(() => undefined)) !== undefined;

async function copyFiles(blobs: BlobStore, files: readonly FileEntry[], folder: string): Promise<void> {
  for (const { path, digest } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(blobs.read(digest), createWriteStream(target, { flush: true }));
  }
}

/** Removes what a crash left half-written and what no image names any more. Run at start. */
export async function cleanImages(folders: ImageFolders, known: readonly string[]): Promise<void> {
  await mkdir(folders.images, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folders.images))
    if (!known.includes(name)) await rm(join(folders.images, name), { recursive: true, force: true });
}
