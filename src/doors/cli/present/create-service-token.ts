import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const createServiceToken: Presenter<"createServiceToken"> = ({ token, expiresAt, refreshAfter }, { now }) => ({
  data: token,
  talk: `It ends ${timeText(expiresAt, now)}; get the next one ${timeText(refreshAfter, now)}. Send it as: Authorization: Bearer <token>`,
});
