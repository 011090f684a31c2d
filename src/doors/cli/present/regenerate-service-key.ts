import type { Presenter } from "./presenter.ts";
import { fields } from "./text.ts";

export const regenerateServiceKey: Presenter<"regenerateServiceKey"> = ({ primary, secondary }, { input }) => ({
  data: fields([
    ["primary", primary],
    ["secondary", secondary],
  ]),
  talk: `The ${String(input.key)} key is new; the other works as before`,
});
