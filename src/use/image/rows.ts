import { type SqlBool, sql } from "kysely";
import type { Image, ImageDetail, ImageInput, Manifest } from "../../contract/image.ts";
import { parseReference } from "../../contract/reference.ts";
import type { Db } from "../../kernel/db.ts";
import { engineReason } from "./engine-reason.ts";

interface ImageRow {
  digest: string;
  build_key: string;
  input: string;
  manifest: string;
  log: string;
  created_at: number;
  created_by: string;
}
interface Tables {
  images: ImageRow;
  image_models: { digest: string; name: string; version: number };
  past_images: { digest: string; manifest: string };
  image_files: { digest: string; path: string; blob: string };
  record_models: { image: string; model: string };
  services: { name: string; image: string };
  revisions: { service: string; revision: number; image: string; state: string; models: string };
  served: { name: string };
}

export interface StoredImage {
  digest: string;
  /** What was asked for, with every model's version: the start of the next image when only a part changes. */
  input: ImageInput;
  manifest: Manifest;
  log: string[];
  createdAt: number;
  createdBy: string;
}

const toImage = (row: ImageRow): StoredImage => ({
  digest: row.digest,
  input: JSON.parse(row.input) as ImageInput,
  manifest: JSON.parse(row.manifest) as Manifest,
  log: JSON.parse(row.log) as string[],
  createdAt: row.created_at,
  createdBy: row.created_by,
});

export const modelsOf = (manifest: Manifest): string[] =>
  manifest.models.map(({ name, version }) => `${name}:${version}`);

export function summariseImage({ digest, input, manifest, log, createdAt, createdBy }: StoredImage): Image {
  const { script, environment } = manifest;
  return {
    digest,
    models: input.models,
    script: script?.entry ?? null,
    engine: manifest.engine ?? "python",
    engineReason: engineReason(manifest, log),
    python: environment?.python ?? null,
    environment: environment?.digest ?? null,
    createdAt,
    createdBy,
  };
}

/** `built` tells whether the call that asks made it. */
export function describeImage(image: StoredImage, built: boolean): ImageDetail {
  const { input, manifest, log } = image;
  return { ...summariseImage(image), input, manifest, log, built };
}

/** Writes an image with what it is made of; record_models outlives it, so that records still name their models. */
export async function insertImage(tx: Db, image: StoredImage, buildKey: string): Promise<void> {
  const db = tx.tables<Tables>();
  const { digest, input, manifest, log, createdAt, createdBy } = image;
  await db
    .insertInto("images")
    .values({
      digest,
      build_key: buildKey,
      input: JSON.stringify(input),
      manifest: JSON.stringify(manifest),
      log: JSON.stringify(log),
      created_at: createdAt,
      created_by: createdBy,
    })
    .onConflict((conflict) => conflict.column("digest").doUpdateSet({ build_key: buildKey, log: JSON.stringify(log) }))
    .execute();
  for (const { name, version } of manifest.models) {
    await db
      .insertInto("image_models")
      .values({ digest, name, version })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await db
      .insertInto("record_models")
      .values({ image: digest, model: `${name}:${version}` })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const own = [...(manifest.script?.files ?? []), ...(manifest.compiled === undefined ? [] : [manifest.compiled.file])];
  for (const { path, digest: blob } of own)
    await db
      .insertInto("image_files")
      .values({ digest, path, blob })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

export async function findImageByKey(db: Db, buildKey: string): Promise<StoredImage | undefined> {
  const row = await db
    .tables<Tables>()
    .selectFrom("images")
    .selectAll()
    .where("build_key", "=", buildKey)
    .executeTakeFirst();
  return row === undefined ? undefined : toImage(row);
}

/** Images whose digest starts with these digits; at most two, enough to see that a short form is not unique. */
export async function findImages(db: Db, prefix: string): Promise<StoredImage[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("images")
    .selectAll()
    .where("digest", ">=", prefix)
    .where("digest", "<=", `${prefix}g`)
    .limit(2)
    .execute();
  return rows.map(toImage);
}

export async function selectImages(
  db: Db,
  {
    model,
    limit,
    after,
  }: {
    model?: { name: string; version?: number | undefined } | undefined;
    limit: number;
    after?: (string | number)[] | undefined;
  },
): Promise<StoredImage[]> {
  let query = db
    .tables<Tables>()
    .selectFrom("images")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("digest", "desc")
    .limit(limit);
  if (model !== undefined) {
    const version = model.version === undefined ? sql`` : sql`and m.version = ${model.version}`;
    query = query.where(
      sql<SqlBool>`exists (select 1 from image_models m where m.digest = images.digest and m.name = ${model.name} ${version})`,
    );
  }
  if (after !== undefined) query = query.where(sql<SqlBool>`(created_at, digest) < (${after[0]}, ${after[1]})`);
  return (await query.execute()).map(toImage);
}

/** Services whose current image, or whose image that is being rolled out, holds the version. */
export async function servicesOfVersion(db: Db, name: string, version: number): Promise<string[]> {
  return servicesOfImages(db, await imagesOfVersion(db, name, version));
}

/** Services whose current image, or whose image that is being rolled out, is one of these. */
export async function servicesOfImages(db: Db, digests: readonly string[]): Promise<string[]> {
  const tables = db.tables<Tables>();
  if (digests.length === 0) return [];
  const current = await tables.selectFrom("services").select("name").where("image", "in", digests).execute();
  const candidates = await tables
    .selectFrom("revisions")
    .select("service as name")
    .where("state", "=", "candidate")
    .where("image", "in", digests)
    .execute();
  return [...new Set([...current, ...candidates].map((row) => row.name))].sort();
}

/** The images that hold a version. */
export async function imagesOfVersion(db: Db, name: string, version: number): Promise<string[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("image_models")
    .select("digest")
    .where("name", "=", name)
    .where("version", "=", version)
    .execute();
  return rows.map((row) => row.digest);
}

/** Removes an image but for its manifest: records name it. A service that holds it makes this fail by its foreign key. */
export async function deleteImageRows(tx: Db, { digest, manifest }: StoredImage): Promise<void> {
  const tables = tx.tables<Tables>();
  await tables
    .insertInto("past_images")
    .values({ digest, manifest: JSON.stringify(manifest) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tables.deleteFrom("images").where("digest", "=", digest).execute();
}

/** What an image was made of, also after it was deleted. */
export async function findManifest(db: Db, digest: string): Promise<Manifest | undefined> {
  const tables = db.tables<Tables>();
  const row =
    (await tables.selectFrom("images").select("manifest").where("digest", "=", digest).executeTakeFirst()) ??
    (await tables.selectFrom("past_images").select("manifest").where("digest", "=", digest).executeTakeFirst());
  return row === undefined ? undefined : (JSON.parse(row.manifest) as Manifest);
}

/**
 * Lets images, revisions, records and spans of serving name the versions of a model by its new name. Manifests stay as they
 * are: their digests name the images.
 */
export async function renameModelInUses(tx: Db, from: string, to: string): Promise<void> {
  const tables = tx.tables<Tables>();
  const holding = await tables
    .selectFrom("images")
    .select(["digest", "input"])
    .where("digest", "in", (eb) => eb.selectFrom("image_models").select("digest").where("name", "=", from))
    .execute();
  const renamed = (reference: string) => {
    const { name, version } = parseReference(reference);
    return name === from ? `${to}:${version}` : reference;
  };
  for (const { digest, input } of holding) {
    const made = JSON.parse(input) as ImageInput;
    const models = made.models.map(renamed);
    await tables
      .updateTable("images")
      .set({ input: JSON.stringify({ ...made, models }) })
      .where("digest", "=", digest)
      .execute();
  }
  const revisions = await tables
    .selectFrom("revisions")
    .select(["service", "revision", "models"])
    .where(sql<SqlBool>`instr(models, ${JSON.stringify(from).slice(1, -1)}) > 0`)
    .execute();
  for (const { service, revision, models } of revisions)
    await tables
      .updateTable("revisions")
      .set({ models: JSON.stringify((JSON.parse(models) as string[]).map(renamed)) })
      .where("service", "=", service)
      .where("revision", "=", revision)
      .execute();
  for (const table of ["image_models", "served"] as const)
    await tables.updateTable(table).set({ name: to }).where("name", "=", from).execute();
  await tables
    .updateTable("record_models")
    .set({ model: sql`${to} || substr(model, ${[...from].length + 1})` })
    .where(sql<SqlBool>`substr(model, 1, ${[...from].length + 1}) = ${`${from}:`}`)
    .execute();
}

export async function allImageDigests(db: Db): Promise<string[]> {
  return (await db.tables<Tables>().selectFrom("images").select("digest").execute()).map((row) => row.digest);
}
