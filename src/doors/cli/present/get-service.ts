import type { Presenter } from "./presenter.ts";
import { serviceText } from "./service-text.ts";

export const getService: Presenter<"getService"> = (service, { now }) => {
  const { name, state } = service;
  const talk = `Next: modelyard service start ${name} tries again, modelyard service logs ${name} says more`;
  return { data: serviceText(service, now), ...(state === "failed" ? { talk } : {}) };
};
