import type { Presenter } from "./presenter.ts";

export const stopService: Presenter<"stopService"> = ({ name }) => ({
  data: `Service ${name} stopped`,
  talk: `Next: modelyard service start ${name}`,
});
