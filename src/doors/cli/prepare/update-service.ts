import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { checkImageFlags, imageFlags, imageMembers, imageSourceOf } from "./image-flags.ts";

export const updateService: Preparation<"updateService"> = {
  hidden: imageMembers,
  flags: imageFlags,
  check: checkImageFlags,
  input: async (given, work) => (await imageSourceOf(given, work)) as InputOf<"updateService">,
};
