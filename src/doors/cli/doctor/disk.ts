import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, good, missing } from "./check.ts";

/** An environment of a common framework takes about this much while it is built. */
const neededBytes = 2e9;

/** Room for environments and models where the home is. */
export const disk: Check = {
  name: "disk",
  check: async ({ settings }) => {
    let folder = settings.home;
    while (!existsSync(folder)) folder = dirname(folder);
    const { bavail, bsize } = await statfs(folder);
    const found = `${((bavail * bsize) / 1e9).toFixed(1)} GB free at ${folder}`;
    return bavail * bsize >= neededBytes
      ? good(found)
      : missing(found, "Free space (2 GB are needed), or set MODELYARD_HOME to a larger disk.");
  },
};
