import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { withReasons } from "./reason-column.ts";
import { timeText } from "./text.ts";

export const listServices: Presenter<"listServices"> = (answer, { now }) => {
  const { head, row } = withReasons(answer.items, {
    head: ["SERVICE", "STATE", "REVISION", "MODELS", "SCORING URL", "UPDATED"],
    row: (service) => [
      service.name,
      service.state,
      service.revision,
      service.models.join(" "),
      service.scoringUri,
      timeText(service.updatedAt, now),
    ],
  });
  return page(answer, head, row, "No services. Make one: modelyard up model.pkl");
};
