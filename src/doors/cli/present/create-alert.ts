import { alertText } from "./alert-text.ts";
import type { Presenter } from "./presenter.ts";

export const createAlert: Presenter<"createAlert"> = (alert, { now }) => ({
  data: alertText(alert, now),
  talk: `It is looked at every half minute: modelyard alert show ${alert.name}\nHave it told: modelyard webhook create --url https://… --format slack --event alert.firing --event alert.resolved`,
});
