import type { Lineage, ModelSample, ModelSignature, ModelVersion, Stage } from "../../contract/model.ts";
import type { FileEntry } from "../../contract/operation.ts";
import type { ModelReference } from "../../contract/reference.ts";
import type { Db } from "../../kernel/db.ts";
import { takeNumber } from "./models.ts";
import { pairsOfVersions, setMetrics, setPairs } from "./pairs.ts";
import type { Tables, VersionRow } from "./tables.ts";
import { insertFiles, sizeOf } from "./version-files.ts";

export interface NewVersion {
  name: string;
  description: string | null;
  framework: string | null;
  frameworkVersion: string | null;
  digest: string;
  reading: string | null;
  files: FileEntry[];
  tags: Record<string, string>;
  properties: Record<string, string>;
  metrics: Record<string, number>;
  source: string | null;
  lineage: Lineage;
  signature: ModelSignature | null;
  sample: ModelSample | null;
  createdAt: number;
  createdBy: string;
}

const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Writes a version with the next number of its model, which is there. Call inside a transaction; the number is taken in it. */
export async function insertVersion(tx: Db, entry: NewVersion): Promise<number> {
  const db = tx.tables<Tables>();
  const { name, createdAt, files } = entry;
  const version = await takeNumber(tx, name, createdAt);
  const { description, framework, digest, reading, createdBy, source } = entry;
  const { runId, ...lineage } = entry.lineage;
  await db
    .insertInto("versions")
    .values({
      name,
      version,
      description,
      framework,
      framework_version: entry.frameworkVersion,
      digest,
      size: sizeOf(files),
      reading,
      created_at: createdAt,
      created_by: createdBy,
      updated_at: createdAt,
      archived_at: null,
      stage: "None",
      source,
      run_id: runId ?? null,
      dataset: lineage.dataset ?? null,
      lineage: JSON.stringify(lineage),
      signature: jsonOrNull(entry.signature),
      sample: jsonOrNull(entry.sample),
    })
    .execute();
  await insertFiles(tx, name, version, files);
  await setPairs(tx, "version_tags", { name, version, createdAt }, entry.tags);
  await setPairs(tx, "version_properties", { name, version, createdAt }, entry.properties);
  await setMetrics(tx, name, version, entry.metrics);
  return version;
}

/** What lists show of a version; its reading, signature and sample may be large and are left out. */
export const listedColumns = [
  "name",
  "version",
  "description",
  "framework",
  "framework_version",
  "digest",
  "size",
  "created_at",
  "created_by",
  "updated_at",
  "archived_at",
  "stage",
  "source",
  "run_id",
  "lineage",
] as const satisfies readonly (keyof VersionRow)[];
export type ListedRow = Pick<VersionRow, (typeof listedColumns)[number]>;

/** Versions with their tags, properties, metrics and aliases: one query each for all of them. */
export async function describeVersions(db: Db, rows: readonly ListedRow[]): Promise<ModelVersion[]> {
  const pairs = await pairsOfVersions(db, rows);
  return rows.map((row) => ({
    name: row.name,
    version: row.version,
    reference: `${row.name}:${row.version}`,
    description: row.description,
    framework: row.framework,
    frameworkVersion: row.framework_version,
    digest: row.digest,
    size: row.size,
    source: row.source,
    external: row.size === 0,
    stage: row.stage,
    ...pairs(row),
    lineage: {
      ...(JSON.parse(row.lineage) as Lineage),
      ...(row.run_id === null ? {} : { runId: row.run_id }),
    },
    archivedAt: row.archived_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
  }));
}

/** What only the detail of a version shows; `reading` is the JSON of a ModelInspection. */
export interface VersionTexts {
  reading: string | null;
  signature: ModelSignature | null;
  sample: ModelSample | null;
}

const parsed = <Value>(text: string | null): Value | null => (text === null ? null : (JSON.parse(text) as Value));

/** The version a reference means: by its number, by an alias, or the highest that is not archived. */
export async function findVersion(
  db: Db,
  { name, version, alias }: ModelReference,
): Promise<(ModelVersion & VersionTexts) | undefined> {
  const versions = db.tables<Tables>().selectFrom("versions").selectAll("versions").where("versions.name", "=", name);
  const query =
    version !== undefined
      ? versions.where("versions.version", "=", version)
      : alias !== undefined
        ? versions
            .innerJoin("aliases", (join) =>
              join.onRef("aliases.name", "=", "versions.name").onRef("aliases.version", "=", "versions.version"),
            )
            .where("aliases.alias", "=", alias)
        : versions.where("archived_at", "is", null).orderBy("versions.version", "desc").limit(1);
  const row = await query.executeTakeFirst();
  if (row === undefined) return undefined;
  const [found] = await describeVersions(db, [row]);
  const { reading, signature, sample } = row;
  return found === undefined
    ? undefined
    : { ...found, reading, signature: parsed<ModelSignature>(signature), sample: parsed<ModelSample>(sample) };
}

/** The numbers of a model's versions, lowest first, archived ones too. */
export async function numbersOf(db: Db, name: string): Promise<number[]> {
  const rows = await db
    .tables<Tables>()
    .selectFrom("versions")
    .select("version")
    .where("name", "=", name)
    .orderBy("version")
    .execute();
  return rows.map((row) => row.version);
}

/** The highest version of each stage that is not archived, of each of these models. */
export async function latestByStageOf(db: Db, names: readonly string[]): Promise<Map<string, ModelVersion[]>> {
  if (names.length === 0) return new Map();
  const tables = db.tables<Tables>();
  const highest = await tables
    .selectFrom("versions")
    .select((eb) => ["name", eb.fn.max("version").as("version")])
    .where("name", "in", names)
    .where("archived_at", "is", null)
    .groupBy(["name", "stage"])
    .execute();
  const rows = await Promise.all(
    highest.map((one) =>
      tables
        .selectFrom("versions")
        .select(listedColumns)
        .where("name", "=", one.name)
        .where("version", "=", one.version)
        .executeTakeFirstOrThrow(),
    ),
  );
  const byName = new Map<string, ModelVersion[]>();
  for (const version of await describeVersions(db, rows))
    byName.set(version.name, [...(byName.get(version.name) ?? []), version]);
  return byName;
}

type VersionChange = Partial<Pick<VersionRow, "description" | "stage" | "archived_at" | "updated_at">>;

export async function changeVersion(tx: Db, name: string, version: number, change: VersionChange): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await tx
    .tables<Tables>()
    .updateTable("versions")
    .set(change)
    .where("name", "=", name)
    .where("version", "=", version)
    .execute();
}

type Filling = Pick<
  NewVersion,
  "files" | "digest" | "reading" | "framework" | "frameworkVersion" | "signature" | "sample"
> & { at: number };

/** Gives a version that has no files its files, with what they show. Call inside a transaction. */
export async function fillVersion(tx: Db, name: string, version: number, filling: Filling): Promise<void> {
  const { files, digest, reading, framework, frameworkVersion, signature, sample, at } = filling;
  await insertFiles(tx, name, version, files);
  await tx
    .tables<Tables>()
    .updateTable("versions")
    .set({
      digest,
      size: sizeOf(files),
      reading,
      framework,
      framework_version: frameworkVersion,
      signature: jsonOrNull(signature),
      sample: jsonOrNull(sample),
      updated_at: at,
    })
    .where("name", "=", name)
    .where("version", "=", version)
    .execute();
}

/** Moves all other versions that are in a stage to Archived; gives their numbers. */
export async function archiveOthersOfStage(
  tx: Db,
  { name, version, stage, at }: { name: string; version: number; stage: Stage; at: number },
): Promise<number[]> {
  const rows = await tx
    .tables<Tables>()
    .updateTable("versions")
    .set({ stage: "Archived", updated_at: at })
    .where("name", "=", name)
    .where("stage", "=", stage)
    .where("version", "<>", version)
    .returning("version")
    .execute();
  return rows.map((row) => row.version).sort((a, b) => a - b);
}

export async function deleteVersion(tx: Db, name: string, version: number): Promise<void> {
  await tx.tables<Tables>().deleteFrom("versions").where("name", "=", name).where("version", "=", version).execute();
}
