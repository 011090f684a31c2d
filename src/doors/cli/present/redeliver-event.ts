import type { Presenter } from "./presenter.ts";

export const redeliverEvent: Presenter<"redeliverEvent"> = ({ id, type, subject }, { input }) => ({
  data: `${type} of ${subject} is sent again as delivery ${id}`,
  talk: `See how it went: modelyard webhook deliveries ${input.id}`,
});
