import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { pairsText, sizeText, timeText } from "./text.ts";

export const listModels: Presenter<"listModels"> = (answer, { now, input }) =>
  page(
    answer,
    ["MODEL", "ALIASES", "FRAMEWORK", "SIZE", "CREATED", "BY", "TAGS"],
    (model) => [
      model.archivedAt === null ? model.reference : `${model.reference} (archived)`,
      model.aliases.join(" "),
      [model.framework ?? "-", model.frameworkVersion ?? ""].join(" ").trim(),
      sizeText(model.size),
      timeText(model.createdAt, now),
      model.createdBy,
      pairsText(model.tags),
    ],
    Object.keys(input).length === 0
      ? "No models yet. Register one: modelyard model register model.pkl --name NAME"
      : "No model fits. See all: modelyard model list",
  );
