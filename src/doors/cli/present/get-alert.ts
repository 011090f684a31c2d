import { alertText } from "./alert-text.ts";
import type { Presenter } from "./presenter.ts";

export const getAlert: Presenter<"getAlert"> = (alert, { now }) => ({
  data: alertText(alert, now),
  ...(alert.services.length === 0
    ? { talk: "It has watched nothing yet: no service runs, or it was made just now" }
    : {}),
});
