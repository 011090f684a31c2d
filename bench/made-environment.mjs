// Environments of Python for peers, made once and kept.
import { execFile } from "node:child_process";
import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cache } from "./home.mjs";

const run = promisify(execFile);

/** The folder of programs of the environment `name`, which is made anew when it was never complete. */
export async function madeEnvironment(name, requirements, say) {
  const folder = join(cache, name);
  const done = join(folder, "complete");
  if (await access(done).catch(() => "missing")) {
    say(`installing ${name}`);
    await rm(folder, { recursive: true, force: true });
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", ...requirements]);
    await writeFile(done, "");
  }
  return join(folder, "bin");
}
