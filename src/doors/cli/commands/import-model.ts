import { resolve } from "node:path";
import { Command, Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import { exitCodeOf } from "../../../contract/exit-codes.ts";
import type { ImportResult } from "../../../flow/import/incoming.ts";
import { isWebAddress, kindOfSource, type SourceKind, sourceKinds } from "../../../flow/import/kind-of-source.ts";
import { connect } from "../connect.ts";
import type { Defined } from "../operation-command.ts";
import { transferOptions } from "../prepare/transfer-line.ts";
import { print, printJson, type Tools, talk } from "../tools.ts";

/** `model import`: whatever a source is, every version of it that is not here yet becomes one. */
export function importCommand(): Defined {
  const collect = (value: string, before: string[] = []) => [...before, value];
  const command = new Command("import")
    .description("Import models from a bundle, an MLflow server or folder, an ONNX file, any file or folder")
    .argument("<source>", "Bundle (- for stdin), address of an MLflow server, file or folder")
    .addOption(
      new Option(`--from <${sourceKinds.join("|")}>`, "What it is, when that is not plain").choices(sourceKinds),
    )
    .option("--name <name>", "Name of the model here, in place of its own")
    .option("--model <name>", "Only this model of an MLflow server; may be repeated", collect)
    .option("--move-aliases", "Move aliases that mean another version here")
    .option("--allow-unsafe", "Take pickles that would run dangerous code; only the role admin may");
  return {
    command,
    run: async (given, tools) => {
      const said = String(given.source);
      const source = said === "-" || isWebAddress(said) ? said : resolve(tools.system.cwd, said);
      const kind = (given.from as SourceKind | undefined) ?? (await kindOfSource(source));
      const { importSource } = await import("../../../flow/import/import-source.ts");
      const { client } = await connect(tools);
      const { fetch, signal, env } = tools.system;
      const options = {
        name: given.name as string | undefined,
        models: (given.model as string[] | undefined) ?? [],
        moveAliases: given.moveAliases === true,
        allowUnsafe: given.allowUnsafe === true,
      };
      const result = await importSource(
        { source, kind, ...options },
        {
          ...{
            client,
            env,
            web: { fetch, signal },
            uploads: transferOptions(tools, "Uploading"),
            stdin: tools.terminal.stdin,
          },
          tell: (message) => (tools.json ? undefined : talk(tools, message, true)),
        },
      );
      if (tools.json) printJson(tools, result);
      else printResult(result, tools);
      const [failure] = result.failed;
      return failure === undefined ? 0 : exitCodeOf(new ModelyardError(failure.error.code));
    },
  };
}

function printResult({ imported, standing, failed, notes }: ImportResult, tools: Tools): void {
  for (const { origin, error } of failed) talk(tools, `Refused ${origin}: ${error.message}\nFix:   ${error.fix}`);
  for (const note of notes) talk(tools, `Note: ${note}`);
  const here = standing.length === 0 ? "" : `${standing.length} version(s) were here already`;
  const [first] = imported;
  if (first === undefined) {
    const which = standing.length === 1 ? `: ${standing[0]?.reference}` : "";
    print(tools, here === "" ? "Nothing was imported" : `Nothing to do: ${here}${which}`);
    return;
  }
  const which = imported.length === 1 ? first.reference : `${imported.length} version(s)`;
  print(tools, `Imported ${which}${here === "" ? "" : `; ${here}`}`);
  const external = imported.find((version) => version.external);
  if (external !== undefined)
    talk(tools, `Its files are elsewhere; fetch them: modelyard model pull ${external.reference}`);
  else if (imported.length > 1) talk(tools, "Next: modelyard model names");
  else talk(tools, `Next: modelyard service deploy NAME --model ${first.reference}`);
}
