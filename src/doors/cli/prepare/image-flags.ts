import { resolve } from "node:path";
import { Option } from "commander";
import type { ImagePaths } from "../../../client/files/image-source.ts";
import { checkImageParts, readImageParts, uploadImageParts } from "../../../client/files/image-source.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Flag } from "../flags.ts";
import type { Given, PreparationWork } from "../preparation.ts";
import type { Tools } from "../tools.ts";
import { transferOptions } from "./transfer-line.ts";
import { givenUpstream, upstreamFlags, withoutUpstreamFlags } from "./upstream-flags.ts";

/** Members of an image source that the flags below stand for. */
export const imageMembers = ["script", "requirements", "conda", "sample", "upstream"] as const;

const pathFlag = (member: string, flags: string, description: string): Flag => ({
  member,
  option: new Option(flags, description),
  read: (value) => value,
});

/** The flags that name the parts of an image on this machine. */
export const imageFlags: readonly Flag[] = [
  pathFlag("script", "--script <file>", "Entry script with init() and run(raw_data)"),
  pathFlag("sourceDir", "--source-dir <folder>", "Folder whose files go with the script; else the script goes alone"),
  pathFlag("requirements", "--requirements <file>", "requirements.txt of the environment"),
  pathFlag("conda", "--conda <file>", "conda.yml of the environment"),
  pathFlag("sample", "--sample <file>", "A request body that fits; sent to every new revision before it gets traffic"),
  ...upstreamFlags,
];

/** The given paths, absolute. */
export function imagePaths(given: Given, tools: Pick<Tools, "system">): ImagePaths {
  const place = (name: string) =>
    given[name] === undefined ? undefined : resolve(tools.system.cwd, String(given[name]));
  return {
    script: place("script"),
    sourceDir: place("sourceDir"),
    requirements: place("requirements"),
    conda: place("conda"),
    sample: place("sample"),
  };
}

/** Tells mistakes of the image flags before a server is started. Throws no-such-file, script-invalid, invalid-input. */
export async function checkImageFlags(given: Given, tools: Tools): Promise<void> {
  if (given.requirements !== undefined && given.conda !== undefined) {
    throw new ModelyardError("invalid-input", { problems: "--requirements and --conda exclude each other" });
  }
  givenUpstream(given, tools);
  await checkImageParts(imagePaths(given, tools));
}

/** Reads and uploads the named parts; gives the given values with the parts in place of the paths. */
export async function imageSourceOf(given: Given, { client, tools }: PreparationWork): Promise<Given> {
  const { sourceDir: _, ...others } = given;
  const rest = withoutUpstreamFlags(others);
  const upstream = givenUpstream(given, tools);
  const parts = await readImageParts(imagePaths(given, tools), tools.system.signal);
  return {
    ...rest,
    ...(upstream === undefined ? {} : { upstream }),
    ...(await uploadImageParts(client, parts, transferOptions(tools, "Uploading"))),
  };
}
