import type { DatasetManifest } from "../../contract/datasets.ts";
import { columnsOf, type ReadColumn } from "./columns.ts";
import type { DatasetRow } from "./dataset-row.ts";
import { look, lookAtAll, type Seen, unseen } from "./seen.ts";

export interface Described {
  columns: ReadColumn[];
  rows: number;
  requests: number;
  models: DatasetManifest["models"];
  labels: DatasetManifest["labels"];
}

/**
 * Looks at all rows once, in their order: which columns there are, what they hold, whose they are. Columns stand in the order in which
 * rows first have them. `weightOf` is how many requests that of a row stands for.
 */
export async function describeRows(
  rows: AsyncIterable<DatasetRow>,
  names: readonly (readonly string[])[],
  weightOf: (row: DatasetRow) => number,
): Promise<Described> {
  const seen = {
    inputs: new Map<string, Seen>(),
    predictions: new Map<string, Seen>(),
    label: unseen(),
    weight: unseen(),
  };
  const models = new Map<string, { model: string; revision: number; rows: number }>();
  let [count, requests] = [0, 0];
  let last: string | undefined;
  for await (const row of rows) {
    count += 1;
    // the rows of a request stand together
    if (row.id !== last) requests += 1;
    last = row.id;
    lookAtAll(seen.inputs, names[row.inputNames] ?? [], row.inputs);
    lookAtAll(seen.predictions, names[row.predictionNames] ?? [], row.predictions);
    look(seen.label, row.label);
    look(seen.weight, weightOf(row));
    const model = models.get(`${row.revision} ${row.model}`) ?? { model: row.model, revision: row.revision, rows: 0 };
    model.rows += 1;
    models.set(`${row.revision} ${row.model}`, model);
  }
  const labelled = seen.label.present;
  return {
    ...{ rows: count, requests, models: [...models.values()] },
    columns: columnsOf(seen, names, count, weightOf),
    labels: { rows: labelled, coverage: count === 0 ? 0 : labelled / count },
  };
}
