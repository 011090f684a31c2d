import { ModelyardError } from "../../contract/errors.ts";
import type { Handler } from "../../contract/operations.ts";
import { mustFindDataset } from "./find-dataset.ts";
import type { DatasetPorts } from "./ports.ts";

export const downloadDataset =
  ({ db, blobs }: Pick<DatasetPorts, "db" | "blobs">): Handler<"downloadDataset"> =>
  async (wanted) => {
    const { name, digest, state, format, size, reference } = await mustFindDataset(db, wanted.name, wanted.digest);
    if (state === "erased") throw new ModelyardError("dataset-erased", { dataset: reference });
    return {
      contentType: format === "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet",
      fileName: `${name}-${digest.slice(0, 12)}.${format}`,
      size,
      body: blobs.read(digest),
      kept: { digest, read: (range) => blobs.read(digest, range) },
    };
  };
