import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listServices: Presenter<"listServices"> = (answer, { now }) =>
  page(
    answer,
    ["SERVICE", "STATE", "REVISION", "MODELS", "SCORING URL", "UPDATED"],
    (service) => [
      service.name,
      service.state,
      service.revision,
      service.models.join(" "),
      service.scoringUri,
      timeText(service.updatedAt, now),
    ],
    "No services. Make one: modelyard up model.pkl",
  );
