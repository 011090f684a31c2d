import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Export } from "../../../flow/bundle/export-models.ts";
import { connect } from "../connect.ts";
import type { Defined } from "../operation-command.ts";
import { checkFile } from "../prepare/check-file.ts";
import { readReference } from "../prepare/model-reference.ts";
import { checkStdout, isStdout, writeStdout } from "../prepare/stdout.ts";
import { transferOptions } from "../prepare/transfer-line.ts";
import { writeVerified } from "../prepare/write-verified.ts";
import { sizeText } from "../present/text.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";

/** `model export`: versions as one file that another server imports with the same digests. */
export function exportCommand(): Defined {
  const command = new Command("export")
    .description("Write versions with all that is known of them into one file, for another server")
    .argument("<model...>", "name (its highest version), name:version or name@alias; several in one bundle")
    .requiredOption("--output <file>", "The bundle, such as digits.tar; - for stdout")
    .option("--all-versions", "All versions of the named models, archived ones too")
    .option("--overwrite", "Replace the file if it is there");
  return {
    command,
    run: async (given, tools) => {
      const references = given.model as string[];
      for (const model of references) readReference({ model });
      const output = given.output === "-" ? "-" : resolve(tools.system.cwd, String(given.output));
      await checkOutput(output, given.overwrite === true, tools);
      const { client, url } = await connect(tools);
      const { exportModels } = await import("../../../flow/bundle/export-models.ts");
      const { clock } = tools.system;
      const options = { allVersions: given.allVersions === true, server: url, now: clock.now() };
      const transfers = transferOptions(tools, "Reading");
      const bundle = await exportModels(references, options, { client, transfers });
      if (output === "-") await writeStdout(bundle.bytes, tools);
      else await writeVerified(output, bundle.bytes);
      tellResult(bundle, output, tools);
      return 0;
    },
  };
}

async function checkOutput(output: string, overwrite: boolean, tools: Tools): Promise<void> {
  if (isStdout(output)) return checkStdout("--output -", tools);
  await checkFile("--output", output, tools);
  const isThere = await access(output).then(
    () => true,
    () => false,
  );
  if (isThere && !overwrite)
    throw new ModelyardError("not-supported", {
      what: `${output} is there already`,
      instead: "Choose another file, or replace it with --overwrite.",
    });
}

function tellResult({ references, external, files, size }: Export, output: string, tools: Tools): void {
  if (tools.json) {
    printJson(tools, { output, versions: references, external, files, size });
    return;
  }
  const which = references.length === 1 ? references[0] : `${references.length} versions`;
  const told = `Exported ${which} (${files} file(s), ${sizeText(size)}, digests verified)`;
  if (output === "-") talk(tools, told);
  else print(tools, `${told} to ${output}`);
  if (external.length > 0) talk(tools, `Without files, which are only at their sources: ${external.join(", ")}`);
  talk(tools, `Next, with MODELYARD_URL of another server: modelyard model import ${output}`);
}
