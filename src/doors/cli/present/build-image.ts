import type { Presenter } from "./presenter.ts";
import { shortDigest } from "./text.ts";

export const buildImage: Presenter<"buildImage"> = (image) => ({
  data: `${image.built ? "Built" : "Already there:"} image ${image.digest}`,
  talk: `Next: modelyard service deploy NAME --image ${shortDigest(image.digest)}`,
});
