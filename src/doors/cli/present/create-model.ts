import type { Presenter } from "./presenter.ts";

export const createModel: Presenter<"createModel"> = ({ name }) => ({
  data: `Created ${name}`,
  talk: `Next: modelyard model register PATH --name ${name}`,
});
