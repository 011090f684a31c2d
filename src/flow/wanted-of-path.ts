import { stat } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { ModelyardError } from "../contract/errors.ts";
import { serviceNameSchema } from "../contract/operation.ts";
import { readConfig } from "./read-config.ts";
import type { Wanted } from "./wanted.ts";

const configName = "modelyard.yaml";

/**
 * What `up` is asked for by a path (absolute): a folder with modelyard.yaml, that file itself, or a bare model file.
 * Throws no-such-file, config-invalid.
 */
export async function wantedOfPath(path: string): Promise<Wanted> {
  const found = await stat(path).catch((cause) => {
    throw new ModelyardError("no-such-file", { path }, { cause });
  });
  if (!found.isDirectory()) return /\.ya?ml$/.test(path) ? readConfig(path) : wantedOfFile(path);
  if (await isFile(join(path, configName))) return readConfig(join(path, configName));
  throw new ModelyardError("not-supported", {
    what: `There is no ${configName} in ${path}`,
    instead: `Name a model file (\`modelyard up model.pkl\`), or write a ${configName} there; docs/guide/modelyard-yaml.md shows one.`,
  });
}

/** A bare model file: its name is the service's; files with well-known names beside it are used when there. */
async function wantedOfFile(path: string): Promise<Wanted> {
  const name = serviceNameOf(parse(path).name);
  const beside = async (...names: string[]) => {
    for (const candidate of names)
      if (await isFile(join(dirname(path), candidate))) return join(dirname(path), candidate);
    return undefined;
  };
  const requirements = await beside("requirements.txt");
  return {
    service: name,
    models: [{ path, name }],
    parts: {
      requirements,
      conda: requirements === undefined ? await beside("conda.yml", "conda.yaml") : undefined,
      sample: await beside("sample.json"),
    },
    settings: {},
  };
}

/** The nearest valid service name of a file's stem: `My_Model.v2` becomes `my-model-v2`. */
export function serviceNameOf(stem: string): string {
  const cleaned = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 32)
    .replace(/-+$/, "");
  const name = cleaned.length >= 3 ? cleaned : `${cleaned === "" ? "model" : cleaned}-model`;
  return serviceNameSchema.parse(name === "model-model" ? "model" : name);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
