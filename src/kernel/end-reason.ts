import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTextIfAny } from "./files.ts";

// None of these fails: the folder itself may be what is wrong, and a reason only explains.

/** In the folder of a host: why it could not start. Who asks the host and gets no answer tells it. */
const pathIn = (folder: string): string => join(folder, "end-reason");

export const noteEndReason = (folder: string, reason: string): Promise<void> =>
  writeFile(pathIn(folder), reason, { mode: 0o600 }).catch(() => {});

/** Undefined when it did not end by itself, as after a kill. */
export const readEndReason = (folder: string): Promise<string | undefined> =>
  readTextIfAny(pathIn(folder)).catch(() => undefined);

export const forgetEndReason = (folder: string): Promise<void> => rm(pathIn(folder), { force: true }).catch(() => {});
