import { Option } from "commander";
import { ModelyardError } from "../../../contract/errors.ts";
import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";

export const setAlias: Preparation<"setAlias"> = {
  flags: [
    {
      member: "unprotect",
      option: new Option("--unprotect", "Let every contributor move and remove it again"),
      read: (value) => value,
    },
  ],
  check: ({ protect, unprotect }) => {
    if (protect === true && unprotect === true)
      throw new ModelyardError("invalid-input", { problems: "--protect and --unprotect exclude each other" });
  },
  input: ({ unprotect, version, ...given }) =>
    ({ ...given, version: Number(version), ...(unprotect === true ? { protect: false } : {}) }) as InputOf<"setAlias">,
};
