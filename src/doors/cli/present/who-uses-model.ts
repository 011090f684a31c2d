import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const whoUsesModel: Presenter<"whoUsesModel"> = (answer, { now, input }) => {
  const model = `${String(input.name)}${input.version === undefined ? "" : `:${String(input.version)}`}`;
  return page(
    answer,
    ["MODEL", "SERVICE", "REVISION", "NOW", "CALLER", "REQUESTS", "ROWS", "ERRORS", "LAST USED"],
    (user) => [
      user.model,
      user.service,
      user.revision,
      user.serving ? "serving" : null,
      user.caller === "" ? "not known" : user.caller,
      user.requests,
      user.rows,
      user.errors,
      timeText(user.lastUsedAt, now),
    ],
    `Nobody uses ${model}. Put it to use: modelyard service deploy NAME --model ${model}`,
  );
};
