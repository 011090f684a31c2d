import { type Stage, stages } from "../../../contract/model.ts";
import type { Preparation } from "../preparation.ts";
import { aboutVersion, modelArgument, resolveReference } from "./model-reference.ts";

export const transitionStage: Preparation<"transitionStage"> = {
  ...aboutVersion,
  arguments: [modelArgument, { name: "stage", description: "None, Staging, Production or Archived" }],
  // MLflow's clients write stages in any case; checked as typed, the mistake would be told of another word
  hidden: [...aboutVersion.hidden, "stage"],
  input: async ({ model, stage, ...rest }, { client }) => ({
    ...rest,
    stage: stages.find((one) => one.toLowerCase() === String(stage).toLowerCase()) ?? (stage as Stage),
    ...(await resolveReference(client, { model })),
  }),
};
