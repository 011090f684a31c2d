import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** Whether any version, image, file of a run or data set still names these bytes. */
export async function isBlobUsed(db: Db, digest: string): Promise<boolean> {
  const { versions, images, artifacts, datasets } = await usersOfBlob(db, digest, 1);
  return versions.length + images.length + artifacts.length + datasets.length > 0;
}

/** The versions, images and data sets that name these bytes, and the paths of files of runs. */
export async function usersOfBlob(
  db: Db,
  digest: string,
  limit = 1000,
): Promise<{
  versions: { name: string; version: number }[];
  images: string[];
  artifacts: string[];
  datasets: string[];
}> {
  const tables = db.tables<Tables>();
  const versions = await tables
    .selectFrom("version_files")
    .select(["name", "version"])
    .distinct()
    .where("digest", "=", digest)
    .limit(limit)
    .execute();
  const images = await tables
    .selectFrom("image_files")
    .select("digest")
    .distinct()
    .where("blob", "=", digest)
    .limit(limit)
    .execute();
  const artifacts = await tables
    .selectFrom("artifacts")
    .select("path")
    .where("digest", "=", digest)
    .limit(limit)
    .execute();
  const datasets = await tables
    .selectFrom("datasets")
    .select("name")
    .where("digest", "=", digest)
    .where("state", "=", "ready")
    .limit(limit)
    .execute();
  return {
    versions,
    images: images.map((row) => row.digest),
    artifacts: artifacts.map((row) => row.path),
    datasets: datasets.map((row) => `${row.name}@${digest}`),
  };
}

/** The digests that versions, images, files of runs and data sets name, each once, in their order, from after one of them on. */
export async function blobsNamed(db: Db, after: string, limit: number): Promise<string[]> {
  const tables = db.tables<Tables>();
  const ofVersions = await tables
    .selectFrom("version_files")
    .select("digest")
    .distinct()
    .where("digest", ">", after)
    .orderBy("digest")
    .limit(limit)
    .execute();
  const ofImages = await tables
    .selectFrom("image_files")
    .select("blob as digest")
    .distinct()
    .where("blob", ">", after)
    .orderBy("blob")
    .limit(limit)
    .execute();
  const ofRuns = await tables
    .selectFrom("artifacts")
    .select("digest")
    .distinct()
    .where("digest", ">", after)
    .orderBy("digest")
    .limit(limit)
    .execute();
  const ofDatasets = await tables
    .selectFrom("datasets")
    .select("digest")
    .distinct()
    .where("digest", ">", after)
    .where("state", "=", "ready")
    .orderBy("digest")
    .limit(limit)
    .execute();
  const rows = [...ofVersions, ...ofImages, ...ofRuns, ...ofDatasets];
  return [...new Set(rows.flatMap(({ digest }) => digest ?? []))].sort().slice(0, limit);
}
