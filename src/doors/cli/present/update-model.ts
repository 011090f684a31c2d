import type { Presenter } from "./presenter.ts";
import { fields, pairsText } from "./text.ts";

export const updateModel: Presenter<"updateModel"> = (model) => ({
  data: fields([
    ["model", model.name],
    ["description", model.description],
    ["tags", pairsText(model.tags)],
  ]),
});
