import type { Manifest } from "../../contract/image.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import { everyRecord } from "./read-records.ts";
import type { RecordFilter, StoredRecord } from "./rows/records.ts";

/** Records with what they say as columns, in the order of `everyRecord`: of any number, and small in memory. */
export async function* everyDecodedRecord(
  ports: Pick<MonitorPorts, "db" | "files">,
  filter: RecordFilter,
): AsyncIterable<{ record: StoredRecord; decoded: DecodedRecord }> {
  const manifests = new Map<string, Manifest | undefined>();
  for await (const record of everyRecord(ports, filter)) {
    if (!manifests.has(record.image)) manifests.set(record.image, await findManifest(ports.db, record.image));
    yield { record, decoded: decodeStored(record, manifests.get(record.image)) };
  }
}
