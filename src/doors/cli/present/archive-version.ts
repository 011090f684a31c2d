import type { Presenter } from "./presenter.ts";

export const archiveVersion: Presenter<"archiveVersion"> = ({ reference }) => ({
  data: `Archived ${reference}`,
  talk: `Bring it back with: modelyard model restore ${reference}`,
});
