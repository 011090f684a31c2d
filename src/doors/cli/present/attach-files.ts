import type { Presenter } from "./presenter.ts";
import { versionText } from "./register-model.ts";

export const attachFiles: Presenter<"attachFiles"> = (model) => ({
  data: `Pulled ${versionText(model)}`,
  talk: `Next: modelyard service deploy NAME --model ${model.reference}`,
});
