import { access } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { Option } from "commander";
import { downloadBytes } from "../../../client/files/download.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Preparation } from "../preparation.ts";
import { print, printJson, talk } from "../tools.ts";
import { checkFolder } from "./check-file.ts";
import { aboutVersion, readReference } from "./model-reference.ts";
import { isStdout } from "./stdout.ts";
import { transferOptions } from "./transfer-line.ts";
import { writeVerified } from "./write-verified.ts";

/** `model download` fetches all files of a version, each verified after it is on the disk. */
export const downloadFile: Preparation<"downloadFile"> = {
  summary: "Download the files of a version; every digest is verified",
  ...aboutVersion,
  hidden: ["name", "version", "path"],
  flags: [
    {
      member: "output",
      option: new Option("--output <folder>", "Where the files go (default: ./NAME-VERSION)"),
      read: (value) => value,
    },
    { member: "overwrite", option: new Option("--overwrite", "Replace files that are there"), read: (value) => value },
  ],
  check: async ({ output }, tools) => {
    if (isStdout(output))
      throw new ModelyardError("invalid-input", { problems: "--output names a folder; a version may have many files" });
    if (output !== undefined) await checkFolder(resolve(tools.system.cwd, String(output)));
  },
  run: async (given, { client, tools }) => {
    const { signal, cwd } = tools.system;
    const { name, version, reference, files } = await client.getModel(readReference(given), { signal });
    const folder = resolve(cwd, given.output === undefined ? `${name}-${version}` : String(given.output));
    const targets = files.map((file) => ({ ...file, target: placeIn(folder, file.path) }));
    if (given.overwrite !== true) await refuseExisting(targets.map(({ target }) => target));
    for (const { path, digest, size, target } of targets) {
      const body = downloadBytes(client, { name, version, path, size }, transferOptions(tools, "Downloading"));
      await writeVerified(target, body, digest);
      if (!tools.json) print(tools, relative(cwd, target) || target);
    }
    if (tools.json) printJson(tools, { reference, folder, files });
    else talk(tools, `${reference}: ${files.length} file(s) in ${folder}, digests verified`);
    return 0;
  },
};

/** A server is not trusted with paths that leave the folder. */
function placeIn(folder: string, path: string): string {
  const target = resolve(folder, path);
  if (!target.startsWith(folder + sep))
    throw new ModelyardError("unsafe-path", { path, reason: "it leaves the folder" });
  return target;
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    throw new ModelyardError("not-supported", {
      what: `${path} is there already`,
      instead: "Choose another folder with --output, or replace the files with --overwrite.",
    });
  }
}
