import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { outputFlag, writeStream } from "./export-stream.ts";

export const exportCollection: Preparation<"exportCollection"> = {
  flags: [outputFlag],
  run: async ({ output, ...input }, { client, tools }) => {
    const { signal } = tools.system;
    const answer = await client.exportCollection(input as InputOf<"exportCollection">, { signal });
    return writeStream(answer, output, "Rows", tools);
  },
};
