import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ModelyardError } from "../../contract/errors.ts";
import type { Manifest } from "../../contract/image.ts";
import { syncFolder } from "../../kernel/files.ts";
import { sha256, sha256File } from "../../kernel/hash.ts";
import { uuid7 } from "../../kernel/ids.ts";
import type { BlobStore } from "../../register/ports.ts";
import { pythonOf } from "./build-environment.ts";
import type { StoredImage } from "./rows.ts";

/** Where the parts of an image stand on this machine. */
export interface ImageFolders {
  images: string;
  environments: string;
}

type ImageFiles = Pick<StoredImage, "digest" | "manifest">;

/** A file of an image: where it stands below the image's folder, what people call it, and its bytes. */
interface ImageFile {
  place: string;
  title: string;
  blob: string;
}

const imageFolder = (folders: ImageFolders, digest: string): string => join(folders.images, digest);

const compiledPlace = "compiled";

const modelPlace = (name: string, version: number): string => join("azureml-models", folderName(name), String(version));

/** Bytes that a name in a folder may have (NAME_MAX of limits.h, on every file system of Linux). */
const nameBytes = 255;

/** A model's name as a folder: itself, or, when that has too many bytes, a part of its digest. */
const folderName = (name: string): string => (Buffer.byteLength(name) <= nameBytes ? name : sha256(name).slice(0, 32));

/** The folder Azure ML scripts know as AZUREML_MODEL_DIR: `…/azureml-models/<name>/<version>`. */
export const modelFolder = (folders: ImageFolders, digest: string, name: string, version: number): string =>
  join(imageFolder(folders, digest), modelPlace(name, version));

export const sourceFolder = (folders: ImageFolders, digest: string): string =>
  join(imageFolder(folders, digest), "source");

export const interpreterOf = (folders: ImageFolders, environment: { digest: string }): string =>
  pythonOf(join(folders.environments, environment.digest));

/** The folder of the ONNX of a compiled model. */
export const compiledFolder = (folders: ImageFolders, digest: string): string =>
  join(imageFolder(folders, digest), compiledPlace);

/** The models' files and the script's, as they are laid out; of a compiled model only what answers. */
export function filesOfImage({ models, script, compiled }: Manifest): ImageFile[] {
  if (compiled !== undefined) {
    const [{ name, version } = { name: "", version: 0 }] = models;
    const { path, digest } = compiled.file;
    return [{ place: join(compiledPlace, path), title: `${path}, compiled from ${name}:${version}`, blob: digest }];
  }
  return [
    ...models.flatMap(({ name, version, files }) =>
      files.map(({ path, digest }) => ({
        place: join(modelPlace(name, version), path),
        title: `${path} of ${name}:${version}`,
        blob: digest,
      })),
    ),
    ...(script?.files ?? []).map(({ path, digest }) => ({
      place: join("source", path),
      title: `${path} of the entry script`,
      blob: digest,
    })),
  ];
}

/**
 * Lets the files of an image stand: written out, verified on the way and made visible at once; or, when they stand, each read
 * again and those that were changed or lost written anew. Files are copies: a script that writes beside its model cannot damage
 * the registry. Errors: digest-mismatch and blob-not-found, when the registry's own bytes are damaged.
 */
export async function layOut(folders: ImageFolders, blobs: BlobStore, image: ImageFiles): Promise<void> {
  const folder = imageFolder(folders, image.digest);
  if (await exists(folder)) return mend(folders, blobs, image);
  const temp = `${folder}.${uuid7()}.tmp`;
  try {
    await mkdir(temp, { recursive: true });
    for (const file of filesOfImage(image.manifest)) await copyFile(blobs, file, join(temp, file.place));
    await rename(temp, folder);
    await syncFolder(folders.images);
  } catch (error) {
    await rm(temp, { recursive: true, force: true });
    // Another build of the same image may have been first.
    if (!(await exists(folder))) throw error;
  }
}

/** Writes damaged files anew, one by one: workers that run from the folder keep what they have open. */
async function mend(folders: ImageFolders, blobs: BlobStore, image: ImageFiles): Promise<void> {
  const folder = imageFolder(folders, image.digest);
  for await (const { problem, ...file } of readCopies(folders, image)) {
    if (problem === null) continue;
    const temp = `${folder}.${uuid7()}.tmp`;
    const target = join(folder, file.place);
    try {
      await copyFile(blobs, file, temp);
      await mkdir(dirname(target), { recursive: true });
      await rename(temp, target);
    } finally {
      await rm(temp, { force: true });
    }
    await syncFolder(dirname(target));
  }
}

/** A file of an image as it stands on the disk; `size` is what was read of it. */
export interface Copy extends ImageFile {
  size: number;
  problem: "missing" | "damaged" | null;
}

/** Reads the files of an image where they are laid out, and compares them with their digests. */
export async function* readCopies(folders: ImageFolders, { digest, manifest }: ImageFiles): AsyncGenerator<Copy> {
  for (const file of filesOfImage(manifest)) {
    try {
      const found = await sha256File(join(imageFolder(folders, digest), file.place));
      yield { ...file, size: found.size, problem: found.digest === file.blob ? null : "damaged" };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      yield { ...file, size: 0, problem: code === "ENOENT" || code === "ENOTDIR" ? "missing" : "damaged" };
    }
  }
}

export const isLaidOut = (folders: ImageFolders, digest: string): Promise<boolean> =>
  exists(imageFolder(folders, digest));

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/** Writes files of a version below a folder, verified on the way. */
export async function writeFiles(blobs: BlobStore, files: Manifest["models"][number]["files"], folder: string) {
  for (const { path, digest } of files)
    await copyFile(blobs, { title: path, blob: digest, place: path }, join(folder, path));
}

async function copyFile(blobs: BlobStore, { blob, title }: ImageFile, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await pipeline(blobs.read(blob), createWriteStream(target, { flush: true }));
  } catch (error) {
    const { code, details } = error as ModelyardError;
    throw code === "digest-mismatch" ? new ModelyardError(code, { ...details, path: title }) : error;
  }
}

/**
 * Takes the files of an image away: at once out of sight, then off the disk. What a stop of the server leaves of that goes at
 * its next start.
 */
export async function removeLaidOut(folders: ImageFolders, digest: string): Promise<void> {
  if (!(await isLaidOut(folders, digest))) return;
  const aside = `${imageFolder(folders, digest)}.${uuid7()}.tmp`;
  await rename(imageFolder(folders, digest), aside);
  void rm(aside, { recursive: true, force: true }).catch(() => {});
}

/** Removes what a crash left half-written and what no image names any more. Run at start. */
export async function cleanImages(folders: ImageFolders, known: readonly string[]): Promise<void> {
  await mkdir(folders.images, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folders.images))
    if (!known.includes(name)) await rm(join(folders.images, name), { recursive: true, force: true });
}
