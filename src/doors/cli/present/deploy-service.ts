import type { Presenter } from "./presenter.ts";
import { serviceText } from "./service-text.ts";

export const deployService: Presenter<"deployService"> = (service, { now }) => ({
  data: serviceText(service, now),
  talk: `Next: modelyard service invoke ${service.name}${service.settings.auth === "key" ? `, modelyard service keys ${service.name}` : ""}`,
});
