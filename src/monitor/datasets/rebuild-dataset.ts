import type { Handler } from "../../contract/operations.ts";
import { storeDataset } from "./create-dataset.ts";
import { mustFindDataset } from "./find-dataset.ts";
import type { DatasetPorts } from "./ports.ts";
import { detailOfDataset } from "./rows.ts";

/** The query with its times as they were: of the same records it gives the same digest, of fewer another one. */
export const rebuildDataset =
  (ports: DatasetPorts): Handler<"rebuildDataset"> =>
  async ({ name, digest }, context) => {
    const found = await mustFindDataset(ports.db, name, digest);
    await ports.ingest.catchUp();
    const { query } = await detailOfDataset(ports.db, found);
    return storeDataset(ports, { name, query, format: found.format, rebuiltFrom: found.digest }, context);
  };
