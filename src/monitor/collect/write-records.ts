import type { Manifest } from "../../contract/image.ts";
import type { FileColumn, FileRows, MonitorPorts } from "../ports.ts";
import { columnsOf, type FiledRecord } from "./file-columns.ts";
import { makeIdFilter } from "./id-filter.ts";
import { idsOf } from "./matches.ts";
import type { NewRecordFile } from "./rows/files.ts";

/** Records as the columns of a file. */
export function tableOfRecords(
  records: readonly FiledRecord[],
  manifests: ReadonlyMap<string, Manifest | undefined>,
): { columns: FileColumn[]; size: FileRows } {
  const engines = new Map([...manifests].map(([image, manifest]) => [image, engineOf(manifest)]));
  const { rows, columns } = columnsOf(records, engines);
  const bodies = records.reduce((sum, { record: { body, answer } }) => sum + body.length + answer.length, 0);
  return { columns, size: { rows, groupRows: groupRows(rows, columns.length, bodies) } };
}

/** Writes a file of records, and what the catalogue says of it. */
export async function writeRecords(
  files: MonitorPorts["files"],
  path: string,
  partition: Pick<NewRecordFile, "service" | "revision" | "day">,
  records: readonly FiledRecord[],
  manifests: ReadonlyMap<string, Manifest | undefined>,
): Promise<NewRecordFile> {
  const { columns, size } = tableOfRecords(records, manifests);
  const stored = records.map(({ record }) => record);
  const written = await files.write(path, columns, size);
  const times = stored.map(({ at }) => at);
  return {
    ...{ path, ...partition, ...written, rows: size.rows },
    records: records.length,
    first_at: times.reduce((least, at) => Math.min(least, at)),
    last_at: times.reduce((most, at) => Math.max(most, at)),
    last_sequence: stored.reduce((most, { sequence }) => Math.max(most, sequence), 0),
    images: [...new Set(stored.map(({ image }) => image))],
    ids: makeIdFilter(new Set(stored.flatMap(idsOf))),
  };
}

const engineOf = (manifest: Manifest | undefined): string | null =>
  manifest === undefined ? null : (manifest.engine ?? "python");

/** Rows that are written and read at a time: some 250,000 values, which take a tenth of a second, and some 4 MB of bodies and answers. */
const groupRows = (rows: number, columns: number, bytes: number): number =>
  Math.max(1, Math.min(Math.ceil(250_000 / columns), Math.floor((rows * (4 << 20)) / Math.max(1, bytes))));
