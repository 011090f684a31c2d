import type { ModelDetail } from "../../../contract/model.ts";
import type { Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const registerModel: Presenter<"registerModel"> = (model) => ({
  data: `Registered ${versionText(model)}`,
  talk: `Next: modelyard service deploy NAME --model ${model.reference}`,
});

/** A version with what its files are. */
export function versionText({ reference, files, size, framework, frameworkVersion }: ModelDetail): string {
  const known = [framework, frameworkVersion].filter((part) => part !== null).join(" ");
  return `${reference} (${files.length} file(s), ${sizeText(size)}${known === "" ? "" : `, ${known}`})`;
}
