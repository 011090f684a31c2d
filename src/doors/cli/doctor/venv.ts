import { type Check, good, missing } from "./check.ts";
import { findPython } from "./find-python.ts";

/** Virtual environments with pip can be made: Debian ships Python without ensurepip. */
export const venv: Check = {
  name: "venv",
  check: async ({ system }) => {
    const python = await findPython(system);
    if (python === undefined) return missing("no Python to look in", "See python above.");
    const { code } = await system.exec({
      argv: [python.path, "-c", "import venv, ensurepip"],
      env: system.env,
      timeoutMs: 10_000,
    });
    return code === 0
      ? good("venv and pip are there")
      : missing(`${python.path} lacks venv or ensurepip`, "apt install python3-venv (Debian, Ubuntu)");
  },
};
