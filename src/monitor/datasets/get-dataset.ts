import type { Handler } from "../../contract/operations.ts";
import { mustFindDataset } from "./find-dataset.ts";
import type { DatasetPorts } from "./ports.ts";
import { detailOfDataset } from "./rows.ts";

export const getDataset =
  ({ db }: Pick<DatasetPorts, "db">): Handler<"getDataset"> =>
  async ({ name, digest }) =>
    detailOfDataset(db, await mustFindDataset(db, name, digest));
