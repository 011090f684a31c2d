import { type SqlBool, sql } from "kysely";
import type { ModelVersion } from "../../contract/model.ts";
import type { Db } from "../../kernel/db.ts";
import { grouped } from "./grouped.ts";
import type { PairRow, Tables } from "./tables.ts";

type PairTable = "version_tags" | "version_properties";

export async function setPairs(
  tx: Db,
  table: PairTable,
  { name, version, createdAt: created_at }: Pick<ModelVersion, "name" | "version" | "createdAt">,
  values: Record<string, string>,
): Promise<void> {
  const rows: PairRow[] = Object.entries(values).map(([key, value]) => ({ name, version, key, value, created_at }));
  if (rows.length === 0) return;
  await tx
    .tables<Tables>()
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) => conflict.columns(["name", "version", "key"]).doUpdateSet({ value: sql`excluded.value` }))
    .execute();
}

export async function setMetrics(
  tx: Db,
  name: string,
  version: number,
  metrics: Record<string, number>,
): Promise<void> {
  const rows = Object.entries(metrics).map(([key, value]) => ({ name, version, key, value }));
  if (rows.length > 0) await tx.tables<Tables>().insertInto("version_metrics").values(rows).execute();
}

export async function removeTags(tx: Db, name: string, version: number, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx
    .tables<Tables>()
    .deleteFrom("version_tags")
    .where("name", "=", name)
    .where("version", "=", version)
    .where("key", "in", keys)
    .execute();
}

interface Place {
  name: string;
  version: number;
}
type Pairs = Pick<ModelVersion, "aliases" | "tags" | "properties" | "metrics">;

/** Places in one query; well below the limits of parameters and of terms that databases have. */
const chunk = 400;

interface Beside extends Place {
  kind: "tag" | "property" | "metric" | "alias";
  key: string;
  value: string | null;
  number: number | null;
}

/** What stands beside versions in tables of their own, in one query; gives a function that picks that of one version. */
export async function pairsOfVersions(db: Db, places: readonly Place[]): Promise<(place: Place) => Pairs> {
  const found: Beside[] = [];
  for (let start = 0; start < places.length; start += chunk) {
    const here = hereOf(places.slice(start, start + chunk));
    const { rows } = await sql<Beside>`
      select 'tag' as kind, name, version, key, value, null as number from version_tags where ${here}
      union all select 'property', name, version, key, value, null from version_properties where ${here}
      union all select 'metric', name, version, key, null, value from version_metrics where ${here}
      union all select 'alias', name, version, alias, null, null from aliases where ${here}`.execute(db.tables());
    found.push(...rows);
  }
  const byPlace = grouped(found, ({ name, version }) => `${name}:${version}`);
  return ({ name, version }) => {
    const rows = (byPlace.get(`${name}:${version}`) ?? []).sort((a, b) => (a.key < b.key ? -1 : 1));
    const of = (kind: Beside["kind"]) => rows.filter((row) => row.kind === kind);
    const texts = (kind: Beside["kind"]) => Object.fromEntries(of(kind).map(({ key, value }) => [key, value ?? ""]));
    return {
      aliases: of("alias").map(({ key }) => key),
      tags: texts("tag"),
      properties: texts("property"),
      metrics: Object.fromEntries(of("metric").map(({ key, number }) => [key, number ?? 0])),
    };
  };
}

function hereOf(places: readonly Place[]) {
  const [first] = places;
  if (places.length === 1 && first !== undefined)
    return sql<SqlBool>`name = ${first.name} and version = ${first.version}`;
  return sql<SqlBool>`(name, version) in (values ${sql.join(places.map(({ name, version }) => sql`(${name}, ${version})`))})`;
}
