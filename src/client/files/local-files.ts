import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { ModelyardError } from "../../contract/errors.ts";
import type { FileEntry } from "../../contract/operation.ts";
import { sha256File } from "../../kernel/hash.ts";

/** A file on this machine with its place inside the model or source folder (`/` between folders). */
export interface LocalFile {
  path: string;
  source: string;
  size: number;
}

/** A local file whose bytes have been read once. */
export type HashedFile = FileEntry & { source: string };

/** Folders that belong to tools, not to a source tree. */
const toolFolders = new Set([".git", "__pycache__", "node_modules", ".venv"]);

/**
 * The files of a model: the file itself under its own name, or all files of a folder, which keeps its name as their
 * first path component. Throws no-such-file, empty-file.
 */
export async function modelFiles(path: string): Promise<LocalFile[]> {
  const found = await statOf(path);
  const files = found.isDirectory()
    ? await filesBelow(path, basename(await realpath(path)), new Set())
    : [{ path: basename(path), source: path, size: found.size }];
  if (files.every((file) => file.size === 0)) throw new ModelyardError("empty-file", { path });
  return files;
}

/** The same without the folder's own name: what stands in the folder is at the root of the version. */
export async function contentFiles(path: string): Promise<LocalFile[]> {
  const found = await statOf(path);
  if (!found.isDirectory()) return modelFiles(path);
  const files = await filesBelow(path, "", new Set());
  if (files.every((file) => file.size === 0)) throw new ModelyardError("empty-file", { path });
  return files;
}

/** The files of a model, but for a folder that MLflow wrote: its files stand at the root, where MLflow and workers look for them. */
export async function versionFiles(path: string): Promise<LocalFile[]> {
  const mlmodel = await stat(join(path, "MLmodel")).catch(() => undefined);
  return mlmodel?.isFile() ? contentFiles(path) : modelFiles(path);
}

/** All files below a source folder, relative to it, without what tools leave there. Throws no-such-file. */
export async function sourceFiles(folder: string): Promise<LocalFile[]> {
  const found = await statOf(folder);
  if (!found.isDirectory()) throw new ModelyardError("no-such-file", { path: `${folder}${sep}` });
  return filesBelow(folder, "", toolFolders);
}

async function filesBelow(folder: string, prefix: string, skip: ReadonlySet<string>): Promise<LocalFile[]> {
  const files: LocalFile[] = [];
  const seen = new Set<string>();
  const walk = async (at: string, under: string): Promise<void> => {
    const real = await realpath(at);
    if (seen.has(real)) return; // a link back up
    seen.add(real);
    for (const name of (await readdir(at)).sort()) {
      if (skip.has(name)) continue;
      const source = join(at, name);
      const path = under === "" ? name : `${under}/${name}`;
      const found = await statOf(source);
      if (found.isDirectory()) await walk(source, path);
      else if (found.isFile()) files.push({ path, source, size: found.size });
    }
  };
  await walk(folder, prefix);
  return files;
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new ModelyardError("no-such-file", { path }, { cause: error });
  }
}

/** Reads every file once for its SHA-256. */
export async function hashFiles(files: readonly LocalFile[], signal?: AbortSignal): Promise<HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const { path, source } of files) {
    signal?.throwIfAborted();
    hashed.push({ path, source, ...(await sha256File(source)) });
  }
  return hashed;
}
