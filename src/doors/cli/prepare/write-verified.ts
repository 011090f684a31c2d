import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ModelyardError } from "../../../contract/errors.ts";
import { sha256File } from "../../../kernel/hash.ts";
import { makeFolder } from "../../../kernel/make-folder.ts";
import { fileRefusal } from "../file-refusal.ts";

/**
 * Writes a stream to a file that appears only when it is whole: a temporary file beside it, then a rename.
 * With a digest the bytes are read back from the disk and compared first. Throws digest-mismatch, and not-supported where the file cannot be written.
 */
export async function writeVerified(
  path: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  digest?: string,
): Promise<void> {
  await makeFolder(dirname(path));
  const temp = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(temp, "wx");
    try {
      for await (const chunk of body) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const actual = digest === undefined ? undefined : (await sha256File(temp)).digest;
    if (digest !== undefined && actual !== digest)
      throw new ModelyardError("digest-mismatch", { path, actual, expected: digest });
    await rename(temp, path);
  } catch (error) {
    throw fileRefusal(error, path) ?? error; // not of the temporary file, which nobody named
  } finally {
    await rm(temp, { force: true });
  }
}
