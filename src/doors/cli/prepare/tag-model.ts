import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { modelArgument, readReference, resolveReference } from "./model-reference.ts";

export const tagModel: Preparation<"tagModel"> = {
  arguments: [modelArgument],
  hidden: ["name", "version"],
  check: (given) => void readReference(given),
  input: async ({ model, ...changes }, { client }): Promise<InputOf<"tagModel">> => ({
    ...changes,
    ...(await resolveReference(client, { model })),
  }),
};
