import type { Presenter } from "./presenter.ts";

export const renameModel: Presenter<"renameModel"> = ({ name }, { input }) => ({
  data: `Renamed ${String(input.name)} to ${name}`,
});
