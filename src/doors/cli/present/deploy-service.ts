import { invokeLine } from "./invoke-line.ts";
import type { Presenter } from "./presenter.ts";
import { serviceText } from "./service-text.ts";

export const deployService: Presenter<"deployService"> = (service, { now }) => ({
  data: serviceText(service, now),
  talk: `Next: ${invokeLine(service.name)}${service.settings.auth === "key" ? `, modelyard service keys ${service.name}` : ""}`,
});
