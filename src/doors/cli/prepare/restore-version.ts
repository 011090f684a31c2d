import { ModelyardError } from "../../../contract/errors.ts";
import type { Preparation } from "../preparation.ts";
import { aboutWrittenVersion, readReference } from "./model-reference.ts";

export const restoreVersion: Preparation<"restoreVersion"> = {
  ...aboutWrittenVersion,
  input: (given) => {
    const { name, version } = readReference(given);
    if (version === undefined)
      throw new ModelyardError("invalid-input", { problems: "write the version: NAME:VERSION" });
    return { name, version };
  },
};
