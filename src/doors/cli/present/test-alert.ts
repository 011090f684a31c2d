import { measuredText } from "./alert-text.ts";
import type { Presenter } from "./presenter.ts";
import { table } from "./text.ts";

const words = {
  breached: "holds",
  between: "holds no more, and is not back at the clear value",
  clear: "does not hold",
};

export const testAlert: Presenter<"testAlert"> = ({ when, items }) => {
  if (items.length === 0) return { talk: "No service runs that it could watch" };
  const rows = items.map(({ service, verdict, measured }) => [service, words[verdict], measuredText(measured)]);
  return { data: table(["SERVICE", "CONDITION", "SEEN"], rows), talk: `Looked at: ${when}. Nothing was kept or told.` };
};
