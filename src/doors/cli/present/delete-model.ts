import type { Presenter } from "./presenter.ts";

export const deleteModel: Presenter<"deleteModel"> = ({ reference, deletedImages }) => ({
  data: `Deleted ${reference}${deletedImages.length === 0 ? "" : ` and ${deletedImages.length} unused image(s)`}`,
});
