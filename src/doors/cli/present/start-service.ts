import type { Presenter } from "./presenter.ts";
import { serviceFields } from "./service-text.ts";

export const startService: Presenter<"startService"> = (service, { now }) => ({ data: serviceFields(service, now) });
