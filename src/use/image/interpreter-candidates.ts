import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file that may be a Python interpreter. */
export interface Candidate {
  /** The file to run. */
  file: string;
  /** Changes whenever the answer of this file may change. */
  key: string;
  /** True for the `python3` a shell would run. */
  isDefault: boolean;
}

async function entries(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}

const isShims = (folder: string): boolean => basename(folder) === "shims";

/** In a folder of pyenv shims every name exists, working or not: only the default is asked for there. */
function pythonNames(folder: string, names: string[]): string[] {
  if (isShims(folder)) return ["python3", "python"].filter((name) => names.includes(name)).slice(0, 1);
  return names.filter((name) => /^python(3(\.\d+)?)?$/.test(name)).sort();
}

/** What a pyenv shim runs depends on pyenv's own choice of version beside its own file. */
async function shimState(folder: string, environment: Record<string, string>): Promise<string> {
  const chosen = await readFile(join(dirname(folder), "version"), "utf8").catch(() => "");
  return `${environment.PYENV_VERSION ?? ""} ${chosen.trim()}`;
}

async function candidate(file: string, isDefault: boolean, environment: Record<string, string>): Promise<Candidate[]> {
  try {
    const real = await realpath(file);
    const { mtimeMs } = await stat(real);
    const folder = dirname(file);
    const state = isShims(folder) ? ` ${await shimState(folder, environment)}` : "";
    return [{ file: real, key: `${real}@${mtimeMs}${state}`, isDefault }];
  } catch {
    return [];
  }
}

/** Where pyenv and uv keep their Pythons; pyenv's root is also found from its shims, since HOME may say nothing of it. */
function managedFolders(pathFolders: string[], environment: Record<string, string>): string[] {
  const { HOME, PYENV_ROOT, UV_PYTHON_INSTALL_DIR, XDG_DATA_HOME } = environment;
  return [
    ...(PYENV_ROOT ? [join(PYENV_ROOT, "versions")] : []),
    ...(HOME ? [join(HOME, ".pyenv", "versions")] : []),
    ...pathFolders.filter(isShims).map((folder) => join(dirname(folder), "versions")),
    ...(UV_PYTHON_INSTALL_DIR ? [UV_PYTHON_INSTALL_DIR] : []),
    ...(XDG_DATA_HOME ? [join(XDG_DATA_HOME, "uv", "python")] : []),
    ...(HOME ? [join(HOME, ".local", "share", "uv", "python")] : []),
  ];
}

/** Every file on the PATH, in pyenv and among uv's Pythons that may be a Python 3, the default first, each real file once. */
export async function findCandidates(environment: Record<string, string>): Promise<Candidate[]> {
  const pathFolders = [...new Set((environment.PATH ?? "").split(":").filter((folder) => folder.startsWith("/")))];
  const found: Candidate[] = [];
  for (const folder of pathFolders) {
    for (const name of pythonNames(folder, await entries(folder))) {
      const isDefault = name === "python3" && !found.some((other) => other.isDefault);
      found.push(...(await candidate(join(folder, name), isDefault, environment)));
    }
  }
  for (const folder of new Set(managedFolders(pathFolders, environment))) {
    for (const version of await entries(folder))
      found.push(...(await candidate(join(folder, version, "bin", "python3"), false, environment)));
  }
  const unique = new Map<string, Candidate>();
  for (const one of found.sort((a, b) => Number(b.isDefault) - Number(a.isDefault)))
    if (!unique.has(one.file)) unique.set(one.file, one);
  return [...unique.values()];
}
