import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, good, missing } from "./check.ts";

/** The home can be written to, or made. */
export const home: Check = {
  name: "home",
  check: async ({ settings }) => {
    let folder = settings.home;
    while (!existsSync(folder)) folder = dirname(folder);
    const writable = await access(folder, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    return writable
      ? good(settings.home)
      : missing(`${folder} cannot be written to`, "Set MODELYARD_HOME to a folder of yours.");
  },
};
