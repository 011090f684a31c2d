import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { aboutVersion, readReference } from "./model-reference.ts";

export const whoUsesModel: Preparation<"whoUsesModel"> = {
  ...aboutVersion,
  arguments: [{ name: "model", description: "name (all its versions), name:version or name@alias" }],
  hidden: ["name", "version", "alias"],
  input: (given) => ({ ...readReference(given), since: given.since as InputOf<"whoUsesModel">["since"] }),
};
