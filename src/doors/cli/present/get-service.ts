import type { Presenter } from "./presenter.ts";
import { serviceText } from "./service-text.ts";

export const getService: Presenter<"getService"> = (service, { now }) => ({ data: serviceText(service, now) });
