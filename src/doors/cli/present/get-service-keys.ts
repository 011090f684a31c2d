import type { Presenter } from "./presenter.ts";
import { fields } from "./text.ts";

export const getServiceKeys: Presenter<"getServiceKeys"> = ({ primary, secondary }) => ({
  data: fields([
    ["primary", primary],
    ["secondary", secondary],
  ]),
  talk: "Send one as: Authorization: Bearer <key>",
});
