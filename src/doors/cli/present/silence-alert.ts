import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const silenceAlert: Presenter<"silenceAlert"> = ({ name, silencedUntil }, { now }) => ({
  talk:
    silencedUntil === null
      ? `Alert ${name} tells again; what has changed meanwhile is told within half a minute`
      : `Alert ${name} is silent until ${timeText(silencedUntil, now)}. End it: modelyard alert silence ${name} --for 0m`,
});
