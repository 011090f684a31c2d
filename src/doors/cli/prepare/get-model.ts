import type { Preparation } from "../preparation.ts";
import { modelArgument, readReference } from "./model-reference.ts";

export const getModel: Preparation<"getModel"> = {
  arguments: [modelArgument],
  hidden: ["name", "version"],
  check: (given) => void readReference(given),
  input: (given) => readReference(given),
};
