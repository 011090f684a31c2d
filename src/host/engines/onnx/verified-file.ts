import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WantedModel } from "../../../contract/host.ts";
import { sha256 } from "../../../kernel/hash.ts";

/** The bytes of the one file of a model. Throws when they are not those of the image, in the words of the Python worker. */
export async function readVerified({ name, version, path, files }: Omit<WantedModel, "framework">): Promise<Buffer> {
  const [file] = files;
  if (file === undefined) throw new Error(`model ${name}:${version} has no file`);
  const problem = (what: string) => new Error(`digest-mismatch: ${file.path} of model ${name}:${version} ${what}`);
  let bytes: Buffer;
  try {
    bytes = await readFile(join(path, file.path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw problem(code === "ENOENT" || code === "ENOTDIR" ? "is missing on disk" : `cannot be read: ${message}`);
  }
  const digest = sha256(bytes);
  if (digest === file.digest) return bytes;
  throw problem(`was changed on disk (SHA-256 ${digest.slice(0, 12)}, not ${file.digest.slice(0, 12)})`);
}
