import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { outputFlag, writeStream } from "./export-stream.ts";

export const exportRecords: Preparation<"exportRecords"> = {
  flags: [outputFlag],
  run: async ({ output, ...input }, { client, tools }) => {
    const { signal } = tools.system;
    const answer = await client.exportRecords(input as InputOf<"exportRecords">, { signal });
    return writeStream(answer, output, "Records", tools);
  },
};
