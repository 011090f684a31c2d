import type { InputOf } from "../../../contract/operations.ts";
import type { Preparation } from "../preparation.ts";
import { aboutVersion, modelArgument, resolveReference } from "./model-reference.ts";

export const transitionStage: Preparation<"transitionStage"> = {
  ...aboutVersion,
  arguments: [modelArgument, { name: "stage", description: "None, Staging, Production or Archived" }],
  input: async ({ model, ...rest }, { client }) =>
    ({ ...rest, ...(await resolveReference(client, { model })) }) as InputOf<"transitionStage">,
};
