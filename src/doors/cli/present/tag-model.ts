import type { Presenter } from "./presenter.ts";
import { fields, pairsText } from "./text.ts";

export const tagModel: Presenter<"tagModel"> = (model) => ({
  data: fields([
    ["model", model.reference],
    ["description", model.description],
    ["tags", pairsText(model.tags)],
    ["properties", pairsText(model.properties)],
  ]),
});
