import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeExec } from "../src/kernel/exec.ts";
import { inspectModelFile } from "../src/register/pickle/inspect.ts";
import { environmentBuilder } from "../src/use/image/build-environments.ts";
import { converterBuilder } from "../src/use/image/converters.ts";
import { sourceOfEnvironment } from "../src/use/image/source-of-environment.ts";
import { builtOnce, cache } from "./built-once.ts";
import { toolEnvironment } from "./use/tool-environment.ts";

const repository = new URL("..", import.meta.url).pathname;

/** Of the product's code, what decides how an environment looks once it is asked for by its digest. */
const builders = ["build-environment", "environment", "pip", "converters"];

async function nameOf(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of builders) hash.update(await readFile(join(repository, `src/use/image/${name}.ts`)));
  for (const path of ["examples/digits/requirements.txt", "examples/digits/model.pkl"])
    hash.update(await readFile(join(repository, path)));
  return `standing-${hash.digest("hex").slice(0, 16)}`;
}

/**
 * The environments that most tests need and few are about, built as the product builds them: without packages, for the example by its
 * requirements and by its pickle, and the converters. In a home whose machine has another Python by now they are simply not found.
 */
export const standingEnvironments = async (): Promise<string> => builtOnce(await nameOf(), buildAll);

async function buildAll(folder: string): Promise<void> {
  const exec = makeExec();
  const environments = join(folder, "environments");
  const cacheFolder = join(folder, "cache");
  await mkdir(cacheFolder, { recursive: true });
  const builder = environmentBuilder({ exec, toolEnvironment, folder: environments, cacheFolder });
  const onLine = () => {};
  const text = await readFile(join(repository, "examples/digits/requirements.txt"), "utf8");
  const reading = await inspectModelFile(join(repository, "examples/digits/model.pkl"));
  const model = { name: "digits", version: 1, digest: "", framework: null, files: [], reading, mlflow: null };
  // the first one finds the Pythons of this machine for the others
  await builder.prepare({ source: { kind: "nothing" }, onLine });
  const [{ digest, python }] = await Promise.all([
    builder.prepare({ source: sourceOfEnvironment({ models: [] }, [model]), onLine }),
    builder.prepare({ source: { kind: "requirements", text }, onLine }),
  ]);
  const path = join(environments, digest, "venv/bin/python");
  const made = await converterBuilder({ exec, toolEnvironment, folder: cache, now: Date.now })(
    { path, version: python },
    onLine,
  );
  if ("folder" in made) await symlink(made.folder, join(environments, basename(made.folder)));
}

/** Puts them into a home that is to be made, with what was found out of the Pythons of this machine. */
export async function layStandingEnvironments(home: string): Promise<void> {
  const standing = await standingEnvironments();
  await cp(join(standing, "cache"), join(home, "cache"), { recursive: true });
  await mkdir(join(home, "environments"));
  for (const name of await readdir(join(standing, "environments")))
    await symlink(join(standing, "environments", name), join(home, "environments", name));
}
