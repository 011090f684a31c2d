import type { Preparation } from "../preparation.ts";
import { modelArgument, readReference, resolveReference } from "./model-reference.ts";

export const deleteModel: Preparation<"deleteModel"> = {
  arguments: [modelArgument],
  hidden: ["name", "version"],
  check: (given) => void readReference(given),
  input: (given, { client }) => resolveReference(client, given),
};
