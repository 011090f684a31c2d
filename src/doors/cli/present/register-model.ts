import type { ModelDetail } from "../../../contract/model.ts";
import type { OutputOf } from "../../../contract/operations.ts";
import { leftOutText } from "./left-out.ts";
import type { Presentation, Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const registerModel: Presenter<"registerModel"> = (model, { input }) =>
  registeredText(model, [], input.baseline);

/** What follows for a model that services run already is that one of them takes the new version. */
export function registeredText(
  model: OutputOf<"registerModel">,
  services: readonly { name: string }[],
  baseline: unknown,
): Presentation {
  const [live] = services;
  const next = live === undefined ? "deploy NAME" : `update ${live.name}`;
  const left = leftOutText({
    ...{ columns: model.baselineLeftOut ?? [], of: model.reference },
    ...{ file: baseline, targetFlag: "--baseline-target" },
  });
  return {
    data: [`Registered ${versionText(model)}`, ...left].join("\n"),
    talk: `Next: modelyard service ${next} --model ${model.reference}`,
  };
}

/** A version with what its files are. */
export function versionText({ reference, files, size, framework, frameworkVersion }: ModelDetail): string {
  const known = [framework, frameworkVersion].filter((part) => part !== null).join(" ");
  return `${reference} (${files.length} file(s), ${sizeText(size)}${known === "" ? "" : `, ${known}`})`;
}
