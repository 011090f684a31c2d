import type { Signature } from "../../contract/host.ts";
import type { DecodedRecord } from "../../records/decode-record.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import { everyRecord } from "./read-records.ts";
import type { RecordFilter, StoredRecord } from "./rows/records.ts";
import { signatureOf } from "./signature-of.ts";

/** Records with what they say as columns, in the order of `everyRecord`: of any number, and small in memory. */
export async function* everyDecodedRecord(
  ports: Pick<MonitorPorts, "db" | "files">,
  filter: RecordFilter,
): AsyncIterable<{ record: StoredRecord; decoded: DecodedRecord }> {
  const signatures = new Map<string, Signature | undefined>();
  for await (const record of everyRecord(ports, filter)) {
    if (!signatures.has(record.image)) signatures.set(record.image, await signatureOf(ports.db, record.image));
    yield { record, decoded: decodeStored(record, signatures.get(record.image)) };
  }
}
