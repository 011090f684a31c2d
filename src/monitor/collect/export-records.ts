import { stringify } from "csv-stringify/sync";
import type { Handler } from "../../contract/operations.ts";
import { exportLayout } from "../collections/export-layout.ts";
import { exportParquet } from "../collections/export-parquet.ts";
import type { MonitorPorts } from "../ports.ts";
import { describeRecord } from "./describe-record.ts";
import { everyDecodedRecord } from "./every-decoded-record.ts";
import { filterOf } from "./filter.ts";
import type { Ingest } from "./ingest.ts";
import { everyRecord } from "./read-records.ts";
import type { RecordFilter } from "./rows/records.ts";

const columns = [
  "id",
  "correlationId",
  "service",
  "revision",
  "models",
  "image",
  "at",
  "durationMs",
  "status",
  "mirrored",
  "caller",
  "language",
  "traceId",
  "weight",
  "bodySize",
  "answerSize",
  "body",
  "bodyEncoding",
  "bodyTruncated",
  "answer",
  "answerEncoding",
  "answerTruncated",
] as const satisfies readonly (keyof ReturnType<typeof describeRecord>)[];

export const exportRecords =
  ({
    db,
    files,
    clock,
    ingest,
  }: Pick<MonitorPorts, "db" | "files" | "clock"> & { ingest: Ingest }): Handler<"exportRecords"> =>
  async ({ format, layout, ...input }) => {
    await ingest.catchUp();
    const filter = await filterOf(db, input, clock.now());
    if (layout !== undefined)
      return {
        contentType: "application/x-ndjson",
        fileName: `${layout}.jsonl`,
        body:
          layout === "parquet"
            ? exportParquet({ db, files }, filter)
            : exportLayout(layout, everyDecodedRecord({ db, files }, filter)),
      };
    const csv = format === "csv";
    return {
      contentType: csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
      fileName: `records.${format}`,
      body: csv ? csvLines({ db, files }, filter) : jsonLines({ db, files }, filter),
    };
  };

type ReadPorts = Pick<MonitorPorts, "db" | "files">;

async function* jsonLines(ports: ReadPorts, filter: RecordFilter): AsyncIterable<Uint8Array> {
  for await (const record of everyRecord(ports, filter))
    yield Buffer.from(`${JSON.stringify(describeRecord(record))}\n`);
}

/** Times as ISO text, models separated by spaces. Texts that a spreadsheet would run as a formula are quoted with an apostrophe. */
async function* csvLines(ports: ReadPorts, filter: RecordFilter): AsyncIterable<Uint8Array> {
  const options = { escape_formulas: true, cast: { boolean: String } };
  yield Buffer.from(stringify([[...columns]]));
  for await (const row of everyRecord(ports, filter)) {
    const record = { ...describeRecord(row), at: new Date(row.at).toISOString(), models: row.models.join(" ") };
    yield Buffer.from(stringify([columns.map((column) => record[column])], options));
  }
}
