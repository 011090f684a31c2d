import type { Db } from "../../kernel/db.ts";
import { decodeLayout, decodeProfile, decodeSample, encodeLayout, encodeProfile } from "../profile/codec.ts";
import type { Layout } from "../profile/layout.ts";
import type { RowSample } from "../profile/row-sample.ts";
import type { Side } from "../profile/rows.ts";
import type { TableProfile } from "../profile/table-profile.ts";

/** Where the rows of a baseline come from. */
export type BaselineSource =
  | { kind: "file"; digest: string; format: "csv" | "parquet"; target: string | null }
  | { kind: "window"; since: number; until: number };

export interface Baseline {
  /** Digest of the layout. */
  digest: string;
  layout: Layout;
  profile: TableProfile;
  /** Weights of columns in the overall score; empty: all weigh alike. Stored with those of the other side's columns, read without. */
  importance: Readonly<Record<string, number>>;
  source: BaselineSource;
  createdAt: number;
  createdBy: string;
}

/** Whose baseline it is. That of a service goes before those of the versions it runs. */
export type Owner = { service: string } | { name: string; version: number };

interface BaselineRow {
  service: string | null;
  name: string | null;
  version: number | null;
  side: Side;
  layout: string;
  columns: Uint8Array;
  profile: Uint8Array;
  sample: Uint8Array;
  source: string;
  /** JSON. */
  importance: string;
  created_at: number;
  created_by: string;
}
interface Tables {
  baselines: BaselineRow;
}

/** Puts a baseline in place of the one before. */
export async function putBaseline(tx: Db, owner: Owner, side: Side, baseline: Baseline): Promise<void> {
  const { digest, layout, profile, source, importance, createdAt, createdBy } = baseline;
  await deleteBaseline(tx, owner, side);
  await tx
    .tables<Tables>()
    .insertInto("baselines")
    .values({
      ...{ service: null, name: null, version: null, ...owner },
      side,
      layout: digest,
      columns: encodeLayout(layout),
      ...encodeProfile(profile),
      source: JSON.stringify(source),
      importance: JSON.stringify(importance),
      created_at: createdAt,
      created_by: createdBy,
    })
    .execute();
}

export async function deleteBaseline(tx: Db, owner: Owner, side: Side): Promise<boolean> {
  const query = tx.tables<Tables>().deleteFrom("baselines").where("side", "=", side);
  const owned =
    "service" in owner
      ? query.where("service", "=", owner.service)
      : query.where("name", "=", owner.name).where("version", "=", owner.version);
  return (await owned.executeTakeFirst()).numDeletedRows > 0n;
}

/** Of both sides. */
export async function setImportance(tx: Db, owner: Owner, importance: Readonly<Record<string, number>>): Promise<void> {
  const query = tx
    .tables<Tables>()
    .updateTable("baselines")
    .set({ importance: JSON.stringify(importance) });
  const owned =
    "service" in owner
      ? query.where("service", "=", owner.service)
      : query.where("name", "=", owner.name).where("version", "=", owner.version);
  await owned.execute();
}

function rowOf(db: Db, owner: Owner, side: Side) {
  const query = db.tables<Tables>().selectFrom("baselines").where("side", "=", side);
  return "service" in owner
    ? query.where("service", "=", owner.service)
    : query.where("name", "=", owner.name).where("version", "=", owner.version);
}

/** Without its sample. */
export async function findBaseline(db: Db, owner: Owner, side: Side): Promise<Baseline | undefined> {
  const row = await rowOf(db, owner, side)
    .select(["layout", "columns", "profile", "source", "importance", "created_at", "created_by"])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const profile = decodeProfile(row.profile);
  return {
    digest: row.layout,
    layout: decodeLayout(row.columns),
    profile,
    source: JSON.parse(row.source) as BaselineSource,
    importance: ownWeights(profile, JSON.parse(row.importance) as Record<string, number>),
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

/** Weights are given for the columns of both sides at once. */
const ownWeights = ({ columns }: TableProfile, importance: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(importance).filter(([column]) => columns.has(column)));

export async function findBaselineSample(db: Db, owner: Owner, side: Side): Promise<RowSample | undefined> {
  const row = await rowOf(db, owner, side).select("sample").executeTakeFirst();
  return row === undefined ? undefined : decodeSample(row.sample);
}

export async function findLayoutDigest(db: Db, owner: Owner, side: Side): Promise<string | undefined> {
  return (await rowOf(db, owner, side).select("layout").executeTakeFirst())?.layout;
}

export async function findLayout(db: Db, owner: Owner, side: Side): Promise<Layout | undefined> {
  const row = await rowOf(db, owner, side).select("columns").executeTakeFirst();
  return row === undefined ? undefined : decodeLayout(row.columns);
}

/** What a service's baselines that were made of a window of its past hold of it. */
export async function sampledBaselines(
  db: Db,
  service: string,
): Promise<{ side: Side; digest: string; layout: Layout; sample: RowSample; rows: number }[]> {
  const found = await db
    .tables<Tables>()
    .selectFrom("baselines")
    .select(["side", "layout", "columns", "profile", "sample", "source"])
    .where("service", "=", service)
    .execute();
  return found
    .filter(({ source }) => (JSON.parse(source) as BaselineSource).kind === "window")
    .map(({ side, layout, columns, profile, sample }) => ({
      ...{ side, digest: layout, layout: decodeLayout(columns) },
      ...{ sample: decodeSample(sample), rows: decodeProfile(profile).rows },
    }));
}

/** Puts other counts in place of those of a service's baseline; what else is said of it stays. */
export async function replaceBaseline(
  tx: Db,
  service: string,
  side: Side,
  { digest, layout, profile }: Pick<Baseline, "digest" | "layout" | "profile">,
): Promise<void> {
  await tx
    .tables<Tables>()
    .updateTable("baselines")
    .set({ layout: digest, columns: encodeLayout(layout), ...encodeProfile(profile) })
    .where("service", "=", service)
    .where("side", "=", side)
    .execute();
}
