import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WantedFile, WantedModel } from "../../contract/host.ts";
import { sha256, sha256File } from "../../kernel/hash.ts";

type Files = Omit<WantedModel, "framework">;

/** The bytes of the one file of a model. Throws when they are not those of the image, in the words of the Python worker. */
export async function readVerified(model: Files): Promise<Buffer> {
  const [file] = model.files;
  if (file === undefined) throw new Error(`model ${model.name}:${model.version} has no file`);
  const bytes = await readFile(join(model.path, file.path)).catch(unreadable(model, file));
  refuseChanged(model, file, sha256(bytes));
  return bytes;
}

/** Reads every file of a model, whatever their size. Throws as above. */
export async function verifyFiles(model: Files): Promise<void> {
  for (const file of model.files)
    refuseChanged(model, file, (await sha256File(join(model.path, file.path)).catch(unreadable(model, file))).digest);
}

const problem = ({ name, version }: Files, file: WantedFile, what: string) =>
  new Error(`digest-mismatch: ${file.path} of model ${name}:${version} ${what}`);

const unreadable =
  (model: Files, file: WantedFile) =>
  ({ code, message }: NodeJS.ErrnoException): never => {
    throw problem(
      model,
      file,
      code === "ENOENT" || code === "ENOTDIR" ? "is missing on disk" : `cannot be read: ${message}`,
    );
  };

function refuseChanged(model: Files, file: WantedFile, digest: string): void {
  if (digest === file.digest) return;
  throw problem(model, file, `was changed on disk (SHA-256 ${digest.slice(0, 12)}, not ${file.digest.slice(0, 12)})`);
}
