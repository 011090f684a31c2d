import type { Presenter } from "./presenter.ts";

export const eraseRecords: Presenter<"eraseRecords"> = ({ records, collected, labels, datasets, files }, { input }) => {
  const told = [
    ...(records === 0 ? [] : [`${records} record(s)`]),
    ...(collected === 0 ? [] : [`${collected} collected entries`]),
    ...(labels === 0 ? [] : [`${labels} label(s)`]),
  ];
  const where = input.service === undefined ? "here" : `of ${input.service}`;
  const none = records === 0 ? [`${input.correlationId} had no records ${where}`] : [];
  const erased = told.length === 0 ? [] : [`${told.join(", ")} erased`];
  const written = files === 0 ? [] : [`${files} file(s) written anew`];
  const lines = [
    [...none, ...erased, ...written].join(", "),
    ...datasets.map((reference) => `Data set ${reference} held such a record and is erased`),
    // also when there was nothing: an id that was mistaken for another stays closed
    "What comes under this id later, labels too, is not kept",
  ];
  const rebuild = datasets.map((reference) => `modelyard dataset rebuild ${reference}`);
  return {
    data: lines.join("\n"),
    ...(rebuild.length === 0 ? {} : { talk: `Build them again without it: ${rebuild.join("; ")}` }),
  };
};
