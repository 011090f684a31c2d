import type { DatasetDetail } from "../../../contract/datasets.ts";
import type { Presentation, Presenter } from "./presenter.ts";
import { shortDigest, sizeText } from "./text.ts";

export const createDataset: Presenter<"createDataset"> = (dataset) => madeText(dataset);
export const rebuildDataset: Presenter<"rebuildDataset"> = (dataset) => madeText(dataset);

function madeText(dataset: DatasetDetail & { created: boolean }): Presentation {
  const { name, digest, rows, size, labels, created } = dataset;
  const reference = `${name}@${shortDigest(digest)}`;
  const coverage = `${labels.rows} with a label`;
  const skipped = Object.entries(dataset.skipped).map(
    ([reason, count]) => `Left out: ${count} ${count === 1 ? "request" : "requests"}, ${reason}`,
  );
  const same = created ? [] : ["Nothing new: the same rows are kept under this name already"];
  return {
    data: `${reference} (${rows} rows, ${coverage}, ${sizeText(size)})`,
    talk: [...same, ...skipped, `Next: modelyard dataset pull ${reference}`].join("\n"),
  };
}
