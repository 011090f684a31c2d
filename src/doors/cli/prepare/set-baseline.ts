import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import { isWeight, parseImportance } from "../../../contract/importance.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Given, Preparation } from "../preparation.ts";
import type { Tools } from "../tools.ts";
import { baselineFlags, checkBaseline, uploadBaseline } from "./baseline-flags.ts";

const columnsWeigh =
  "of a column in the score of drift, such as age=3; may be repeated. Alone: of the baseline that holds";

export const setBaseline: Preparation<"setBaseline"> = {
  hidden: ["file", "importance"],
  flags: [
    ...baselineFlags("file", "target"),
    {
      member: "importance",
      option: new Option("--importance <column=number>", `Weight ${columnsWeigh}`).argParser(
        (value, before: string[] | undefined) => [...(before ?? []), value],
      ),
      read: (value) => value,
    },
    {
      member: "importanceFile",
      option: new Option("--importance-file <file>", 'Weights as JSON: {"age": 3, "income": 1}'),
      read: (value) => value,
    },
  ],
  check: async ({ file, target, ...given }, tools) => {
    await readImportance(given, tools);
    await checkBaseline(file, target, tools);
  },
  input: async (given, work) => {
    const { target: _target, importanceFile: _importanceFile, ...rest } = given;
    const importance = await readImportance(given, work.tools);
    const file = await uploadBaseline(given, "file", work);
    return { ...rest, file, importance } as InputOf<"setBaseline">;
  },
};

/** The weights of both flags together. Errors: invalid-input, no-such-file. */
async function readImportance(
  { importance, importanceFile }: Given,
  { system }: Pick<Tools, "system">,
): Promise<Record<string, number> | undefined> {
  if (importance === undefined && importanceFile === undefined) return undefined;
  const pairs = parseImportance(importance as string[] | undefined);
  return importanceFile === undefined
    ? pairs
    : { ...(await readWeights(resolve(system.cwd, String(importanceFile)))), ...pairs };
}

async function readWeights(path: string): Promise<Record<string, number>> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new ModelyardError("no-such-file", { path });
  });
  try {
    const weights = JSON.parse(text) as Record<string, number>;
    if (typeof weights === "object" && !Array.isArray(weights) && Object.values(weights).every(isWeight))
      return weights;
  } catch {
    // told below
  }
  throw new ModelyardError("invalid-input", {
    problems: `${path} is no JSON object of columns and weights, which are numbers of at least 0, such as {"age": 3}`,
  });
}
