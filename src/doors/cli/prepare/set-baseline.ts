import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { baselineFlags, checkBaseline, uploadBaseline } from "./baseline-flags.ts";

export const setBaseline: Preparation<"setBaseline"> = {
  hidden: ["file"],
  flags: baselineFlags("file", "target"),
  check: ({ file, target }, tools) => checkBaseline(file, target, tools),
  input: async (given, work) => {
    const { target: _target, ...rest } = given;
    return { ...rest, file: await uploadBaseline(given, "file", work) } as InputOf<"setBaseline">;
  },
};
