import type { ModelDetail } from "../../../contract/model.ts";
import type { OutputOf } from "../../../contract/operations.ts";
import { parseReference } from "../../../contract/reference.ts";
import type { Service } from "../../../contract/use.ts";
import { leftOutText } from "./left-out.ts";
import type { Presentation, Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const registerModel: Presenter<"registerModel"> = (model, { input }) =>
  registeredText(model, [], input.baseline);

type Live = Pick<Service, "name" | "state" | "models">;

export function registeredText(
  model: OutputOf<"registerModel">,
  services: readonly Live[],
  baseline: unknown,
): Presentation {
  const left = leftOutText({
    ...{ columns: model.baselineLeftOut ?? [], of: model.reference },
    ...{ file: baseline, targetFlag: "--baseline-target" },
  });
  return {
    data: [`Registered ${versionText(model)}`, ...left].join("\n"),
    talk: `Next: ${nextSteps(model, services).join(", ")}`,
  };
}

/** So many services are named. */
const mostNamed = 3;

/** A model that services run already goes to them, beside the other models they have; one that is stopped takes no version. */
function nextSteps({ name, reference }: OutputOf<"registerModel">, services: readonly Live[]): string[] {
  const live = services.filter(({ state }) => state !== "stopped").slice(0, mostNamed);
  if (live.length === 0) return [`modelyard service deploy NAME --model ${reference}`];
  return live.map(({ name: service, models }) => {
    const kept = models.map((one) => (parseReference(one).name === name ? reference : one));
    return `modelyard service update ${service} ${kept.map((one) => `--model ${one}`).join(" ")}`;
  });
}

/** A version with what its files are. */
export function versionText({ reference, files, size, framework, frameworkVersion }: ModelDetail): string {
  const known = [framework, frameworkVersion].filter((part) => part !== null).join(" ");
  return `${reference} (${files.length} file(s), ${sizeText(size)}${known === "" ? "" : `, ${known}`})`;
}
