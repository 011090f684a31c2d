import { resolve } from "node:path";
import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { layoutText } from "../present/layout-text.ts";
import { noRecords } from "../present/no-records.ts";
import { printJson, talk } from "../tools.ts";
import { checkFile } from "./check-file.ts";
import { outputFlag, writeStream } from "./export-stream.ts";
import { refuseFull, writeLayout } from "./write-layout.ts";

export const exportRecords: Preparation<"exportRecords"> = {
  flags: [
    outputFlag,
    {
      member: "to",
      option: new Option("--to <folder>", "New folder for the files of a layout"),
      read: (value) => value,
    },
  ],
  check: async ({ layout, to, output }, tools) => {
    const problems = (text: string) => new ModelyardError("invalid-input", { problems: text });
    if (layout === undefined && to !== undefined)
      throw problems("--to is for the files of a --layout; --output names a file");
    if (layout !== undefined && to === undefined)
      throw problems("--layout makes several files: name a folder with --to");
    if (to !== undefined && output !== undefined) throw problems("--to and --output cannot both be given");
    await checkFile("--output", output, tools);
    if (to !== undefined) await refuseFull(resolve(tools.system.cwd, String(to)));
  },
  run: async ({ output, to, ...input }, { client, tools }) => {
    const { signal } = tools.system;
    const answer = await client.exportRecords(input as InputOf<"exportRecords">, { signal });
    if (to !== undefined) {
      const written = await writeLayout(answer.body, resolve(tools.system.cwd, String(to)));
      if (tools.json) printJson(tools, written);
      else talk(tools, layoutText(written, input));
      return 0;
    }
    return writeStream(answer, { output, what: "Records", none: noRecords(input) }, tools);
  },
};
