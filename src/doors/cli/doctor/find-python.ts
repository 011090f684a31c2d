import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { System } from "../tools.ts";

export interface FoundPython {
  path: string;
  version: string;
}

const question = "import sys; print('%d.%d.%d' % sys.version_info[:3])";

/** The first usable Python (≥ 3.6): python3 and python on the PATH, then those of pyenv and uv. */
export async function findPython({ exec, env }: System): Promise<FoundPython | undefined> {
  const folders = await Promise.all(
    [
      join(env.PYENV_ROOT ?? join(env.HOME ?? "/", ".pyenv"), "versions"),
      join(env.HOME ?? "/", ".local/share/uv/python"),
    ].map(async (folder) =>
      (await readdir(folder).catch(() => [])).map((name) => join(folder, name, "bin", "python3")),
    ),
  );
  for (const path of ["python3", "python", ...folders.flat()]) {
    const { code, stdout } = await exec({ argv: [path, "-c", question], env, timeoutMs: 10_000 });
    const version = stdout.trim();
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (code === 0 && major === 3 && minor >= 6) return { path, version };
  }
  return undefined;
}
