import { rm } from "node:fs/promises";
import type { DatasetPorts } from "./ports.ts";
import { removeUnfinished } from "./rows.ts";

/** Removes what a server that died was building. Run at start. */
export async function cleanDatasets({ db, sortFolder }: Pick<DatasetPorts, "db" | "sortFolder">): Promise<void> {
  await rm(sortFolder, { recursive: true, force: true });
  await removeUnfinished(db);
}
