import { resolve } from "node:path";
import { Option } from "commander";
import { hashFiles, modelFiles } from "../../../client/files/local-files.ts";
import { uploadMissing } from "../../../client/files/upload.ts";
import type { BaselineFile } from "../../../contract/drift.ts";
import { ModelyardError } from "../../../contract/errors.ts";
import type { Flag } from "../flags.ts";
import type { Given, PreparationWork } from "../preparation.ts";
import type { Tools } from "../tools.ts";
import { transferOptions } from "./transfer-line.ts";

const flag = (member: string, flags: string, description: string): Flag => ({
  member,
  option: new Option(flags, description),
  read: (value) => value,
});

/** A file of rows, as `--baseline` or as `--file`, and the column the model predicts. */
export const baselineFlags = (file: "baseline" | "file", target: string): readonly Flag[] => [
  flag(`${file}`, `--${file} <file>`, "CSV or Parquet with the rows the model was trained on; their profile is kept"),
  flag("target", `--${target} <column>`, "Column of that file with what the model predicts"),
];

/** Finds mistakes before a server is started. Throws invalid-input, no-such-file. */
export async function checkBaseline(path: unknown, target: unknown, tools: Tools): Promise<void> {
  if (path === undefined) {
    if (target !== undefined) throw new ModelyardError("invalid-input", { problems: "a target column is of a file" });
    return;
  }
  formatOf(String(path));
  const [file] = await modelFiles(resolve(tools.system.cwd, String(path)));
  if (file?.size === 0) throw new ModelyardError("empty-file", { path: String(path) });
}

/** Uploads the file, as far as it is not there. */
export async function uploadBaseline(
  given: Given,
  member: "baseline" | "file",
  work: PreparationWork,
): Promise<BaselineFile | undefined> {
  const path = given[member];
  if (path === undefined) return undefined;
  const { client, tools } = work;
  const hashed = await hashFiles(await modelFiles(resolve(tools.system.cwd, String(path))), tools.system.signal);
  await uploadMissing(client, hashed, transferOptions(tools, "Uploading"));
  const target = given.target === undefined ? {} : { target: String(given.target) };
  return { digest: hashed[0]?.digest ?? "", format: formatOf(String(path)), ...target };
}

function formatOf(path: string): BaselineFile["format"] {
  if (/\.parquet$/i.test(path)) return "parquet";
  if (/\.(csv|tsv|txt)$/i.test(path)) return "csv";
  throw new ModelyardError("invalid-input", { problems: `${path}: a baseline is a file .csv or .parquet` });
}
