import type { Presenter } from "./presenter.ts";

export const createWebhook: Presenter<"createWebhook"> = ({ id, name, url, secret }) => ({
  data: `${id}  ${secret}`,
  talk: `Webhook ${name} (${id}) sends to ${url}. The secret behind the id is shown this once: check signatures with it.\nTry it: modelyard webhook test ${id}`,
});
