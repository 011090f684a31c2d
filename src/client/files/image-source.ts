import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import type { ImageInput } from "../../contract/image.ts";
import type { Client } from "../client.ts";
import type { TransferOptions } from "../patience.ts";
import { type HashedFile, hashFiles, type LocalFile, sourceFiles } from "./local-files.ts";
import { uploadMissing } from "./upload.ts";

/** Where the parts of an image are on this machine. All paths are absolute. */
export interface ImagePaths {
  /** Entry script. */
  script?: string | undefined;
  /** Folder whose files go with the script; without it the script goes alone. */
  sourceDir?: string | undefined;
  requirements?: string | undefined;
  conda?: string | undefined;
  sample?: string | undefined;
}

/** Image parts that have been read but not uploaded. */
export interface ReadImageParts {
  script: { entry: string; files: HashedFile[] } | undefined;
  texts: Pick<ImageInput, "requirements" | "conda" | "sample">;
}

/**
 * Tells what is not there before anything is started. Texts are not read: what a shell gives as a file, `<(…)`, can be read once.
 * Throws no-such-file, script-invalid, and invalid-input for a folder.
 */
export async function checkImageParts(paths: ImagePaths): Promise<void> {
  await entryScript(paths);
  for (const path of [paths.requirements, paths.conda, paths.sample]) {
    if (path === undefined) continue;
    const found = await stat(path).catch((cause) => {
      throw new ModelyardError("no-such-file", { path }, { cause });
    });
    if (found.isDirectory())
      throw new ModelyardError("invalid-input", { problems: `${path} is a folder; name a file` });
  }
}

/** Reads the files an image is made of. Throws no-such-file, script-invalid, and invalid-input for a text that is not UTF-8. */
export async function readImageParts(paths: ImagePaths, signal?: AbortSignal): Promise<ReadImageParts> {
  const script = await entryScript(paths);
  return {
    script: script && { entry: script.entry, files: await hashFiles(script.files, signal) },
    texts: {
      requirements: await textOf(paths.requirements),
      conda: await textOf(paths.conda),
      sample: await textOf(paths.sample),
    },
  };
}

/** Uploads what is missing of the source files; gives the members of an image input. */
export async function uploadImageParts(
  client: Client,
  parts: ReadImageParts,
  options: TransferOptions = {},
): Promise<Pick<ImageInput, "script" | "requirements" | "conda" | "sample">> {
  const { script, texts } = parts;
  return {
    ...texts,
    script: script && { entry: script.entry, files: await uploadMissing(client, script.files, options) },
  };
}

async function entryScript(paths: ImagePaths): Promise<{ entry: string; files: LocalFile[] } | undefined> {
  if (paths.script === undefined) {
    if (paths.sourceDir === undefined) return undefined;
    throw new ModelyardError("script-invalid", { script: paths.sourceDir, reason: "a source folder needs a script" });
  }
  const folder = paths.sourceDir ?? dirname(paths.script);
  const entry = relative(resolve(folder), resolve(paths.script)).split(sep).join("/");
  if (entry.startsWith("../")) {
    throw new ModelyardError("script-invalid", { script: paths.script, reason: `it is not inside ${folder}` });
  }
  if (paths.sourceDir === undefined) {
    const size = (await bytesOf(paths.script)).length;
    return { entry, files: [{ path: basename(paths.script), source: paths.script, size }] };
  }
  await bytesOf(paths.script);
  return { entry, files: await sourceFiles(folder) };
}

async function textOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const bytes = await bytesOf(path);
  if (!isUtf8(bytes)) throw new ModelyardError("invalid-input", { problems: `${path} is not UTF-8 text` });
  return bytes.toString("utf8");
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ModelyardError("no-such-file", { path }, { cause: error });
  }
}
