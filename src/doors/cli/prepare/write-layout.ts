import { randomBytes } from "node:crypto";
import { appendFile, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { linesOf } from "../../../client/ndjson.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import { checkPaths } from "../../../contract/file-paths.ts";
import { makeFolder } from "../../../kernel/make-folder.ts";
import { fileRefusal } from "../file-refusal.ts";
import { printJson, type Tools, talk } from "../tools.ts";
import { checkFolder } from "./check-file.ts";

type Line =
  | { path: string; text: string }
  | { path: string; base64: string }
  | { records: number; files: number; leftOut: Record<string, number> };

/**
 * Writes the files of an export, told as lines (monitor/collections/export-layout.ts, export-parquet.ts), into a folder that appears when they are whole. Errors: invalid-input when
 * there is something in the folder, unsafe-path, server-unreachable when the stream ends before its last line.
 */
export async function writeLayout(body: AsyncIterable<Uint8Array>, to: string, tools: Tools): Promise<number> {
  const folder = resolve(tools.system.cwd, to);
  await refuseFull(folder);
  const temp = `${folder}.${randomBytes(6).toString("hex")}.tmp`;
  await makeFolder(temp);
  try {
    const told = await writeLines(body, temp);
    if (told === undefined)
      throw new ModelyardError("server-unreachable", { url: "its address (it went away in the middle of its answer)" });
    await rmdir(folder).catch(() => {});
    await rename(temp, folder);
    if (tools.json) {
      printJson(tools, { folder, ...told });
      return 0;
    }
    const { records, files, leftOut } = told;
    const count = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
    talk(tools, `${count(records, "record")} written to ${count(files, "file")} in ${folder}`);
    for (const [reason, count] of Object.entries(leftOut)) talk(tools, `${count} left out: ${reason}`);
    return 0;
  } catch (error) {
    throw fileRefusal(error, folder) ?? error; // not of the temporary folder, which nobody named
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

async function writeLines(
  body: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<Extract<Line, { records: number }> | undefined> {
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
