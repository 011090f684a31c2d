import { access, constants, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Tools } from "../tools.ts";
import { isStdout } from "./stdout.ts";

/** Before anything is asked: what a flag names is, or can become, a file. Throws invalid-input, with the path as it was given, and what checkFolder throws. */
export async function checkFile(flag: string, file: unknown, { system }: Pick<Tools, "system">): Promise<void> {
  if (file === undefined || isStdout(file)) return;
  if (file === "") throw new ModelyardError("invalid-input", { problems: `${flag}: is empty` });
  const path = resolve(system.cwd, String(file));
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory())
    throw new ModelyardError("invalid-input", { problems: `${flag}: ${String(file)} is a folder; name a file` });
  // a file is put in place of what is there, which a device must not be
  if (found !== undefined && !found.isFile())
    throw new ModelyardError("invalid-input", {
      problems: `${flag}: ${String(file)} is no plain file; name one, or - and redirect`,
    });
  await checkFolder(dirname(path));
}

/** Before anything is asked: a folder is there or can be made, and something can be written into it. Throws invalid-input, and what the file system says of its permissions. */
export async function checkFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return checkFolder(dirname(path));
  if (!found.isDirectory())
    throw new ModelyardError("invalid-input", { problems: `${path} is a file; a folder would have to be there` });
  await access(path, constants.W_OK);
}
