import type { Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const registerModel: Presenter<"registerModel"> = (model) => {
  const framework = [model.framework, model.frameworkVersion].filter((part) => part !== null).join(" ");
  const known = framework === "" ? "" : `, ${framework}`;
  return {
    data: `Registered ${model.reference} (${model.files.length} file(s), ${sizeText(model.size)}${known})`,
    talk: `Next: modelyard service deploy NAME --model ${model.reference}`,
  };
};
