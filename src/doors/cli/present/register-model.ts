import type { ModelDetail } from "../../../contract/model.ts";
import type { Presentation, Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const registerModel: Presenter<"registerModel"> = (model) => registeredText(model, []);

/** What follows for a model that services run already is that one of them takes the new version. */
export function registeredText(model: ModelDetail, services: readonly { name: string }[]): Presentation {
  const [live] = services;
  const next = live === undefined ? "deploy NAME" : `update ${live.name}`;
  return {
    data: `Registered ${versionText(model)}`,
    talk: `Next: modelyard service ${next} --model ${model.reference}`,
  };
}

/** A version with what its files are. */
export function versionText({ reference, files, size, framework, frameworkVersion }: ModelDetail): string {
  const known = [framework, frameworkVersion].filter((part) => part !== null).join(" ");
  return `${reference} (${files.length} file(s), ${sizeText(size)}${known === "" ? "" : `, ${known}`})`;
}
