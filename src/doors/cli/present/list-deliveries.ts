import { page } from "./page.ts";
import type { Presenter } from "./presenter.ts";
import { timeText } from "./text.ts";

export const listDeliveries: Presenter<"listDeliveries"> = (answer, { now, input }) =>
  page(
    answer,
    ["DELIVERY", "EVENT", "TYPE", "SUBJECT", "STATUS", "ATTEMPTS", "AT", "NEXT", "ANSWER", "ERROR"],
    (delivery) => [
      delivery.id,
      delivery.sequence,
      delivery.type,
      delivery.subject,
      delivery.status,
      delivery.attempts,
      timeText(delivery.at, now),
      timeText(delivery.nextAt, now),
      delivery.responseStatus,
      delivery.error,
    ],
    `Nothing was sent yet. Try it: modelyard webhook test ${input.id}`,
  );
