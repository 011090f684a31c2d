import { randomBytes } from "node:crypto";
import { appendFile, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { linesOf } from "../../../client/ndjson.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import { checkPaths } from "../../../contract/file-paths.ts";
import { makeFolder } from "../../../kernel/make-folder.ts";
import { fileRefusal } from "../file-refusal.ts";
import { checkFolder } from "./check-file.ts";

/** What an export of a layout came to. */
export interface Written {
  /** null: nothing was written, so that there is none. */
  folder: string | null;
  records: number;
  files: number;
  /** How many records are in no file, by the reason. */
  leftOut: Record<string, number>;
}

type Line = { path: string; text: string } | { path: string; base64: string } | Omit<Written, "folder">;

/**
 * Writes the files of an export, told as lines (monitor/collections/export-layout.ts, export-parquet.ts), into a folder that appears when they are whole; none appears
 * for no files. Errors: invalid-input when there is something in the folder, unsafe-path, not-supported where it cannot be written, server-unreachable when the stream
 * ends before its last line.
 */
export async function writeLayout(body: AsyncIterable<Uint8Array>, folder: string): Promise<Written> {
  await refuseFull(folder);
  const temp = `${folder}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const told = await writeLines(body, temp);
    if (told === undefined)
      throw new ModelyardError("server-unreachable", { url: "its address (it went away in the middle of its answer)" });
    if (told.files === 0) return { folder: null, ...told };
    await rmdir(folder).catch(() => {});
    await rename(temp, folder);
    return { folder, ...told };
  } catch (error) {
    throw fileRefusal(error, folder) ?? error; // not of the temporary folder, which nobody named
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

async function writeLines(
  body: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<Omit<Written, "folder"> | undefined> {
  const made = new Set<string>();
  for await (const text of linesOf(body)) {
    const line = JSON.parse(text) as Line;
    if (!("path" in line)) return line;
    checkPaths([line.path]);
    const path = join(folder, line.path);
    if (!made.has(path)) await makeFolder(dirname(path));
    made.add(path);
    await appendFile(path, "text" in line ? line.text : Buffer.from(line.base64, "base64"));
  }
  return undefined;
}

/** Before anything is asked: an export never mixes with what is there. Throws invalid-input, and what checkFolder throws. */
export async function refuseFull(folder: string): Promise<void> {
  await checkFolder(folder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length > 0)
    throw new ModelyardError("invalid-input", { problems: `there is something in ${folder}; name a new folder` });
}
