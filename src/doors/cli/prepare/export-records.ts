import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option } from "commander";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { talk } from "../tools.ts";
import { writeVerified } from "./write-verified.ts";

export const exportRecords: Preparation<"exportRecords"> = {
  flags: [
    {
      member: "output",
      option: new Option("--output <file>", "File to write (default: stdout)"),
      read: (value) => value,
    },
  ],
  run: async ({ output, ...input }, { client, tools }) => {
    const { signal, cwd } = tools.system;
    const answer = await client.exportRecords(input as InputOf<"exportRecords">, { signal });
    if (output === undefined) {
      await pipeline(Readable.from(answer.body), tools.terminal.stdout, { end: false, signal });
      return 0;
    }
    const path = resolve(cwd, String(output));
    await writeVerified(path, answer.body);
    talk(tools, `Records written to ${path}`);
    return 0;
  },
};
