import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Tools } from "../tools.ts";
import { isStdout } from "./stdout.ts";

/** Before anything is asked: what a flag names is, or can become, a file. Throws invalid-input, with the path as it was given. */
export async function checkFile(flag: string, file: unknown, { system }: Pick<Tools, "system">): Promise<void> {
  if (file === undefined || isStdout(file)) return;
  if (file === "") throw new ModelyardError("invalid-input", { problems: `${flag}: is empty` });
  const found = await stat(resolve(system.cwd, String(file))).catch(() => undefined);
  if (found?.isDirectory())
    throw new ModelyardError("invalid-input", { problems: `${flag}: ${String(file)} is a folder; name a file` });
}
