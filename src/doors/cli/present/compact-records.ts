import type { Presenter } from "./presenter.ts";
import { sizeText } from "./text.ts";

export const compactRecords: Presenter<"compactRecords"> = ({ records, files, bytes, folder }) => ({
  data:
    files === 0
      ? "No records are that old. --before 0s moves all."
      : `${records} record(s) moved to ${files} file(s), ${sizeText(bytes)}, in ${folder}`,
});
