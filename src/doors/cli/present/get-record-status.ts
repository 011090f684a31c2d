import type { Presenter } from "./presenter.ts";
import { fields, sizeText, timeText } from "./text.ts";

export const getRecordStatus: Presenter<"getRecordStatus"> = (status, { now }) => {
  const dropped = Object.entries(status.dropped).map(([reason, count]) => `${count} ${reason}`);
  return {
    data: fields([
      ["taken over", status.taken],
      ["in the database", status.fresh],
      [
        "in files",
        status.filed === 0 ? 0 : `${status.filed} in ${status.files} file(s), ${sizeText(status.fileBytes)}`,
      ],
      ["limit of files", status.limitBytes === null ? "none" : sizeText(status.limitBytes)],
      ["oldest in files", status.oldestAt === null ? "none" : timeText(status.oldestAt, now)],
      ["waiting in spools", sizeText(status.waitingBytes)],
      ["not there", dropped.length === 0 ? "none" : dropped.join(", ")],
    ]),
    ...(dropped.length === 0 ? {} : { talk: "docs/guide/records.md says what the reasons mean." }),
  };
};
