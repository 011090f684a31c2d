import type { Dataset, DatasetManifest, DatasetQuery } from "../../contract/datasets.ts";
import { ModelyardError } from "../../contract/errors.ts";
import type { Context } from "../../contract/operations.ts";
import { sortOnDisk } from "../../kernel/sort-on-disk.ts";
import { refuseRecordsOff } from "../refuse-records-off.ts";
import { type DatasetRow, rowOfLine } from "./dataset-row.ts";
import { describeRows } from "./describe-rows.ts";
import { type Gathered, gatherRows } from "./gather-rows.ts";
import type { DatasetPorts } from "./ports.ts";
import { writeCsv } from "./write-csv.ts";
import { writeParquet } from "./write-parquet.ts";

export interface Built extends Pick<Dataset, "digest" | "size" | "rows"> {
  manifest: DatasetManifest;
}

/**
 * Makes the file of a query in the blob store: rows by time and id, so the same query over the same data gives the same bytes. `take`
 * is told the id of every request in it. Throws dataset-empty; records-off.
 */
export async function buildDataset(
  ports: Pick<DatasetPorts, "db" | "blobs" | "readRecords" | "sortFolder">,
  { query, format, rebuiltFrom }: { query: DatasetQuery; format: Dataset["format"]; rebuiltFrom: string | null },
  take: (id: string) => Promise<void>,
  progress: Context["progress"],
): Promise<Built> {
  const tell = (message: string) => progress({ event: "step", step: "dataset", message });
  const sorter = sortOnDisk(ports.sortFolder);
  try {
    const gathered = await gatherRows(ports, query, sorter, (count) => {
      if (count % 50_000 === 0) tell(`${count} records read`);
    });
    const weights = gathered.sampling.counts();
    const weightOf = (row: DatasetRow) => (row.weight * weights.requests) / weights.chosen;
    const described = await describeRows(chosenRows(sorter, gathered), gathered.names, weightOf);
    const { columns, rows, requests, models, labels } = described;
    if (rows === 0) {
      if (Object.keys(gathered.skipped).length === 0) await refuseRecordsOff(ports.db, query.service);
      throw new ModelyardError("dataset-empty", { service: query.service, reasons: reasonsOf(gathered, query) });
    }
    tell(`Writing ${rows} rows`);
    const write = format === "csv" ? writeCsv : writeParquet;
    const { digest, size } = await ports.blobs.put(write(columns, told(chosenRows(sorter, gathered), take)));
    const shown = columns.map(({ name, role, type, missing }) => ({ name, role, type, missing }));
    const { skipped } = gathered;
    const manifest = { query, requests, columns: shown, models, labels, weights, skipped, rebuiltFrom };
    return { digest, size, rows, manifest };
  } finally {
    await sorter.remove();
  }
}

async function* chosenRows(
  sorter: ReturnType<typeof sortOnDisk>,
  { sampling }: Pick<Gathered, "sampling">,
): AsyncGenerator<DatasetRow> {
  for await (const line of sorter.read()) {
    const row = rowOfLine(line);
    if (sampling.isChosen(row.id)) yield row;
  }
}

async function* told(rows: AsyncIterable<DatasetRow>, take: (id: string) => Promise<void>): AsyncGenerator<DatasetRow> {
  let last: string | undefined;
  for await (const row of rows) {
    if (row.id !== last) await take(row.id);
    last = row.id;
    yield row;
  }
}

function reasonsOf({ skipped }: Gathered, { model }: DatasetQuery): string {
  const reasons = Object.entries(skipped).map(([reason, count]) => `${count} requests: ${reason}`);
  if (reasons.length > 0) return reasons.join("; ");
  return model === null ? "no request is kept of that time" : `no request is kept of that time that ${model} answered`;
}
