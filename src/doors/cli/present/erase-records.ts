import type { Presenter } from "./presenter.ts";

export const eraseRecords: Presenter<"eraseRecords"> = ({ records, collected, labels, files }, _) => {
  const beside = [
    ...(collected === 0 ? [] : [`${collected} collected entries`]),
    ...(labels === 0 ? [] : [`${labels} label(s)`]),
  ];
  return {
    data: [`${records} record(s)`, ...beside]
      .join(", ")
      .concat(" erased", files === 0 ? "" : `, ${files} file(s) written anew`),
    talk: "Records of this id that arrive later are not kept either.",
  };
};
