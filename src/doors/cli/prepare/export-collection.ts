import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { nothingFits } from "../present/page.ts";
import { checkFile } from "./check-file.ts";
import { outputFlag, writeStream } from "./export-stream.ts";

export const exportCollection: Preparation<"exportCollection"> = {
  flags: [outputFlag],
  check: ({ output }, tools) => checkFile("--output", output, tools),
  run: async ({ output, ...input }, { client, tools }) => {
    const { signal } = tools.system;
    const answer = await client.exportCollection(input as InputOf<"exportCollection">, { signal });
    const none = nothingFits("modelyard collection list");
    return writeStream(answer, { output, what: "Rows", none }, tools);
  },
};
