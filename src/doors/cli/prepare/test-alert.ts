import { ModelyardError } from "../../../contract/errors.ts";
import type { Preparation } from "../preparation.ts";

export const testAlert: Preparation<"testAlert"> = {
  arguments: [{ name: "name", description: "An alert that exists, in place of --when", optional: true }],
  check: ({ name, when }) => {
    if ((name === undefined) === (when === undefined))
      throw new ModelyardError("invalid-input", { problems: "give the name of an alert or --when, one of the two" });
  },
};
