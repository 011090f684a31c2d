import type { Manifest } from "../../contract/image.ts";
import { findManifest } from "../../use/image/rows.ts";
import { decodeStored } from "../collect/decode-entry.ts";
import type { FiledRecord } from "../collect/file-columns.ts";
import { gatherParts, type Part, pathOfPart } from "../collect/parts.ts";
import { everyRecord } from "../collect/read-records.ts";
import type { RecordFilter } from "../collect/rows/records.ts";
import { tableOfRecords } from "../collect/write-records.ts";
import type { MonitorPorts } from "../ports.ts";

/** Bytes of one line before they are written as base64. */
const lineBytes = 768 << 10;

/**
 * Records as files of Parquet with the columns and paths of the server's own: lines of `{"path","base64"}`, each to be added to the end of its file, and as the last one
 * `{"records","files","leftOut"}`. Nothing is left out: mirrors and failures have columns that tell.
 */
export async function* exportParquet(
  { db, files }: Pick<MonitorPorts, "db" | "files">,
  filter: RecordFilter,
): AsyncIterable<Uint8Array> {
  const manifests = new Map<string, Manifest | undefined>();
  const parts = gatherParts();
  const done = { records: 0, files: 0 };
  const write = async function* () {
    for (const part of parts.take()) {
      done.records += part.records.length;
      done.files += 1;
      yield* linesOfPart(files, part, manifests);
    }
  };
  for await (const record of everyRecord({ db, files }, filter)) {
    if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(db, record.image));
    parts.add({ record, decoded: decodeStored(record, manifests.get(record.image)) } satisfies FiledRecord);
    if (parts.isFull()) yield* write();
  }
  yield* write();
  yield Buffer.from(`${JSON.stringify({ ...done, leftOut: {} })}\n`);
}

async function* linesOfPart(
  files: MonitorPorts["files"],
  part: Part,
  manifests: ReadonlyMap<string, Manifest | undefined>,
): AsyncIterable<Uint8Array> {
  const { columns, size } = tableOfRecords(part.records, manifests);
  const path = pathOfPart(part);
  for await (const bytes of files.encode(columns, size))
    for (let start = 0; start < bytes.length; start += lineBytes) {
      const base64 = Buffer.from(bytes.subarray(start, start + lineBytes)).toString("base64");
      yield Buffer.from(`${JSON.stringify({ path, base64 })}\n`);
    }
}
