import type { Db } from "../../kernel/db.ts";
import type { Tables } from "./tables.ts";

/** Whether any version, image or file of a run still names these bytes. */
export async function isBlobUsed(db: Db, digest: string): Promise<boolean> {
  const { versions, images, artifacts } = await usersOfBlob(db, digest, 1);
  return versions.length + images.length + artifacts.length > 0;
}

/** The versions and images that name these bytes, and the paths of files of runs. */
export async function usersOfBlob(
  db: Db,
  digest: string,
  limit = 1000,
): Promise<{ versions: { name: string; version: number }[]; images: string[]; artifacts: string[] }> {
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
  return { versions, images: images.map((row) => row.digest), artifacts: artifacts.map((row) => row.path) };
}

/** The digests that versions, images and files of runs name, each once, in their order, from after one of them on. */
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
  return [...new Set([...ofVersions, ...ofImages, ...ofRuns].map((row) => row.digest))].sort().slice(0, limit);
}
