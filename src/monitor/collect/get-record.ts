import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { filesOfImage } from "../../use/image/layout.ts";
import { findManifest } from "../../use/image/rows.ts";
import type { MonitorPorts } from "../ports.ts";
import { decodeStored } from "./decode-entry.ts";
import { describeColumns, describeRecord } from "./describe-record.ts";
import type { Ingest } from "./ingest.ts";
import { findRecord } from "./read-records.ts";

export const getRecord =
  ({ db, files: stored, ingest }: Pick<MonitorPorts, "db" | "files"> & { ingest: Ingest }): Handler<"getRecord"> =>
  async ({ id, mirrored }) => {
    await ingest.catchUp();
    const record = await findRecord({ db, files: stored }, id, mirrored);
    if (record === undefined) throw new ModelyardError("record-not-found", { id });
    const manifest = await findManifest(db, record.image);
    const files = manifest === undefined ? [] : filesOfImage(manifest);
    return {
      ...describeRecord(record),
      ...describeColumns(decodeStored(record, manifest)),
      engine: manifest === undefined ? null : (manifest.engine ?? "python"),
      files: files.map(({ place, blob }) => ({ path: place, digest: blob })),
    };
  };
