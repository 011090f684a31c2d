import type { Presenter } from "./presenter.ts";
import { shortDigest } from "./text.ts";

export const deleteImage: Presenter<"deleteImage"> = ({ digest, models }) => ({
  data: `Deleted image ${shortDigest(digest)}${models.length === 0 ? "" : ` of ${models.join(" ")}`}`,
});
