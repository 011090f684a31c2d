import type { Presenter } from "./presenter.ts";

export const removeBaseline: Presenter<"removeBaseline"> = ({ service }) => ({
  data: `${service} has no baseline of its own any more`,
  talk: `That of its model's version holds, if there is one: modelyard drift show ${service}`,
});
