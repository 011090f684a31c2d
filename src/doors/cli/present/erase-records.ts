import type { Presenter } from "./presenter.ts";

export const eraseRecords: Presenter<"eraseRecords"> = ({ records, files }, _) => ({
  data: `${records} record(s) erased${files === 0 ? "" : `, ${files} file(s) written anew`}`,
  talk: "Records of this id that arrive later are not kept either.",
});
