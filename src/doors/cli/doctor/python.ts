import { type Check, good, missing } from "./check.ts";
import { findPython } from "./find-python.ts";

/** A Python that can serve models. */
export const python: Check = {
  name: "python",
  check: async ({ system }) => {
    const found = await findPython(system);
    return found === undefined
      ? missing("no Python 3.6 or newer on the PATH, in pyenv or uv", "apt install python3, or: uv python install 3.12")
      : good(`Python ${found.version} (${found.path})`);
  },
};
