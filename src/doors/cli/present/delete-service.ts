import type { Presenter } from "./presenter.ts";

export const deleteService: Presenter<"deleteService"> = ({ name }) => ({
  data: `Service ${name} deleted; its records and history stay`,
});
