import type { Dataset, DatasetDetail, DatasetManifest } from "../../contract/datasets.ts";
import type { Db } from "../../kernel/db.ts";

interface DatasetRowOfTable {
  number: number;
  name: string;
  digest: string | null;
  service: string;
  state: "creating" | Dataset["state"];
  format: Dataset["format"];
  size: number;
  row_count: number;
  manifest: string;
  has_bytes: number;
  created_at: number;
  created_by: string;
  erased_at: number | null;
}
interface Tables {
  datasets: DatasetRowOfTable;
  dataset_requests: { id: string; dataset: number };
  versions: { name: string; version: number; dataset: string | null };
}

export type StoredDataset = Dataset & { number: number };

const describe = (row: DatasetRowOfTable): StoredDataset => ({
  number: row.number,
  name: row.name,
  digest: row.digest ?? "",
  reference: `${row.name}@${row.digest}`,
  state: row.state === "erased" ? "erased" : "ready",
  format: row.format,
  size: row.size,
  rows: row.row_count,
  service: row.service,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

/** Takes a place for a data set that is going to be built; nobody sees it until it is finished. */
export async function beginDataset(
  db: Db,
  { name, service, format, by, at }: Pick<Dataset, "name" | "service" | "format"> & { by: string; at: number },
): Promise<number> {
  const row = { digest: null, state: "creating" as const, size: 0, row_count: 0, manifest: "{}", has_bytes: 0 };
  const { number } = await db
    .tables<Omit<Tables, "datasets"> & { datasets: Omit<DatasetRowOfTable, "number"> & { number?: number } }>()
    .insertInto("datasets")
    .values({ name, service, format, ...row, created_at: at, created_by: by, erased_at: null })
    .returning("number")
    .executeTakeFirstOrThrow();
  return number as number;
}

export async function addRequests(db: Db, dataset: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .tables<Tables>()
    .insertInto("dataset_requests")
    .values(ids.map((id) => ({ id, dataset })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whether records were erased while a data set was built. */
export async function isInterrupted(tx: Db, number: number): Promise<boolean> {
  const query = tx.tables<Tables>().selectFrom("datasets").select("erased_at").where("number", "=", number);
  return (await query.executeTakeFirst())?.erased_at !== null;
}

export async function finishDataset(
  tx: Db,
  number: number,
  { digest, size, rows, manifest }: Pick<Dataset, "digest" | "size" | "rows"> & { manifest: DatasetManifest },
): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("datasets")
    .set({ digest, size, row_count: rows, manifest: JSON.stringify(manifest), state: "ready", has_bytes: 1 })
    .where("number", "=", number)
    .execute();
}

export async function removeDataset(db: Db, number: number): Promise<void> {
  await db.tables<Tables>().deleteFrom("datasets").where("number", "=", number).execute();
}

/** Removes what a server that died was building. Run at start. */
export async function removeUnfinished(db: Db): Promise<void> {
  await db.tables<Tables>().deleteFrom("datasets").where("state", "=", "creating").execute();
}

/** The data sets under a name whose digest begins so, newest first; without a digest all of them. */
export async function findDatasets(db: Db, name: string, digest: string | undefined): Promise<StoredDataset[]> {
  let query = db.tables<Tables>().selectFrom("datasets").selectAll().where("name", "=", name);
  query = query.where("state", "!=", "creating");
  // hexadecimal digits alone: nothing in it is a pattern
  if (digest !== undefined) query = query.where("digest", "like", `${digest}%`);
  return (await query.orderBy("number", "desc").limit(1000).execute()).map(describe);
}

export async function detailOfDataset(db: Db, { number }: Pick<StoredDataset, "number">): Promise<DatasetDetail> {
  const tables = db.tables<Tables>();
  const row = await tables.selectFrom("datasets").selectAll().where("number", "=", number).executeTakeFirstOrThrow();
  const { number: _, ...dataset } = describe(row);
  const manifest = JSON.parse(row.manifest) as DatasetManifest;
  return { ...dataset, ...manifest, erasedAt: row.erased_at, versions: await versionsTrainedOn(db, dataset.reference) };
}

/** Versions whose lineage names a data set, as name:version. */
export async function versionsTrainedOn(db: Db, reference: string): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("versions")
    .select(["name", "version"])
    .where("dataset", "=", reference)
    .orderBy("name")
    .orderBy("version")
    .execute();
  return rows.map(({ name, version }) => `${name}:${version}`);
}

export async function selectDatasets(
  db: Db,
  { name, service }: { name?: string | undefined; service?: string | undefined },
  limit: number,
  before?: number,
): Promise<StoredDataset[]> {
  let query = db.tables<Tables>().selectFrom("datasets").selectAll().where("state", "!=", "creating");
  if (name !== undefined) query = query.where("name", "=", name);
  if (service !== undefined) query = query.where("service", "=", service);
  if (before !== undefined) query = query.where("number", "<", before);
  return (await query.orderBy("number", "desc").limit(limit).execute()).map(describe);
}

/** Marks the data sets of a service that hold one of these requests, and those that are being built; gives the ones that were ready. */
export async function eraseFromDatasets(
  tx: Db,
  { service, ids }: { service: string; ids: readonly string[] },
  at: number,
): Promise<StoredDataset[]> {
  const tables = tx.tables<Tables>();
  const holding = tables.selectFrom("dataset_requests").select("dataset").where("id", "in", ids);
  const found = await tables
    .selectFrom("datasets")
    .selectAll()
    .where("state", "=", "ready")
    .where("service", "=", service)
    .where("number", "in", holding)
    .execute();
  const unfinished = tables.updateTable("datasets").set({ erased_at: at }).where("state", "=", "creating");
  await unfinished.where("service", "=", service).execute();
  const numbers = found.map(({ number }) => number);
  if (numbers.length === 0) return [];
  await tables.updateTable("datasets").set({ state: "erased", erased_at: at }).where("number", "in", numbers).execute();
  // the ids are personal too
  await tables.deleteFrom("dataset_requests").where("dataset", "in", numbers).execute();
  return found.map(describe);
}

/** Erased data sets whose bytes may still be there. */
export async function erasedWithBytes(db: Db): Promise<{ number: number; digest: string }[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("datasets")
    .select(["number", "digest"])
    .where("state", "=", "erased")
    .where("has_bytes", "=", 1)
    .execute();
  return rows.map(({ number, digest }) => ({ number, digest: digest ?? "" }));
}

export async function setBytesGone(db: Db, number: number): Promise<void> {
  await db.tables<Tables>().updateTable("datasets").set({ has_bytes: 0 }).where("number", "=", number).execute();
}
