import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { pairsText, sizeText, timeText } from "./text.ts";

export const listModels: Presenter<"listModels"> = (answer, { now, input }) =>
  page(
    answer,
    ["MODEL", "FRAMEWORK", "SIZE", "CREATED", "BY", "TAGS"],
    (model) => [
      model.reference,
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
