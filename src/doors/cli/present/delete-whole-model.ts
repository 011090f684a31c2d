import type { Presenter } from "./presenter.ts";

export const deleteWholeModel: Presenter<"deleteWholeModel"> = ({ name, deletedVersions, deletedImages }) => ({
  data: `Deleted ${name} with ${deletedVersions.length} version(s) and ${deletedImages.length} unused image(s)`,
});
