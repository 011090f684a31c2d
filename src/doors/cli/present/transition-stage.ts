import type { Presenter } from "./presenter.ts";

export const transitionStage: Presenter<"transitionStage"> = ({ reference, stage }) => ({
  data: `${reference} is in stage ${stage}`,
});
