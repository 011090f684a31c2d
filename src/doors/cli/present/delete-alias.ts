import type { Presenter } from "./presenter.ts";

export const deleteAlias: Presenter<"deleteAlias"> = ({ name, alias, version }) => ({
  data: `Removed ${name}@${alias}, which was ${name}:${version}`,
});
