import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { pairsText, timeText } from "./text.ts";

export const listModelNames: Presenter<"listModelNames"> = (answer, { now, input }) =>
  page(
    answer,
    ["MODEL", "LATEST", "ALIASES", "UPDATED", "BY", "TAGS"],
    (model) => [
      model.name,
      model.latestVersion,
      model.aliases.map(({ alias, version }) => `${alias}=${version}`).join(" "),
      timeText(model.updatedAt, now),
      model.createdBy,
      pairsText(model.tags),
    ],
    Object.keys(input).length === 0
      ? "No models yet. Register one: modelyard model register model.pkl --name NAME"
      : "No model fits. See all: modelyard model names",
  );
