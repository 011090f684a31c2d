import type { Preparation } from "../preparation.ts";
import { aboutVersion, readReference } from "./model-reference.ts";

export const getModel: Preparation<"getModel"> = {
  ...aboutVersion,
  hidden: ["name", "version", "alias"],
  input: (given) => readReference(given),
};
