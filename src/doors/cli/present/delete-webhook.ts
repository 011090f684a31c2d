import type { Presenter } from "./presenter.ts";

export const deleteWebhook: Presenter<"deleteWebhook"> = ({ id, name }) => ({
  data: `Webhook ${name} (${id}) deleted`,
});
