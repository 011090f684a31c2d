import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Model } from "../../contract/model.ts";
import type { Db } from "../../kernel/db.ts";
import type { Comparison } from "../filter/grammar.ts";
import { afterOf, type Condition, compare, compareAny, compareBoolean, conditionOf, orderOf } from "./filter.ts";
import { describeModels } from "./models.ts";
import { type PageQuery, tagDefaults } from "./search-versions.ts";
import type { ModelRow } from "./tables.ts";

const isLive = sql<SqlBool>`exists (select 1 from served x where x.name = models.name and x.to_at is null)`;

function leaf(comparison: Comparison): Condition {
  const { key } = comparison;
  if (key.kind !== "attribute") return compareTag(comparison);
  switch (key.name) {
    case "text":
      return sql<SqlBool>`(${compare(sql`models.name`, comparison)} or ${compare(sql`coalesce(models.description, '')`, comparison)}
        or exists (select 1 from model_tags x where x.name = models.name
          and (${compare(sql`x.key`, comparison)} or ${compare(sql`x.value`, comparison)})))`;
    case "live":
      return compareBoolean(comparison, isLive);
    case "live_on":
      return compareAny(
        comparison,
        (fits) =>
          sql<SqlBool>`exists (select 1 from served x where x.name = models.name and x.to_at is null and ${fits(sql`x.service`)})`,
      );
    case "alias":
      return compareAny(
        comparison,
        (fits) => sql<SqlBool>`exists (select 1 from aliases x where x.name = models.name and ${fits(sql`x.alias`)})`,
      );
    default:
      return compare(sql.ref(`models.${key.name}`), comparison);
  }
}

function compareTag(comparison: Comparison): Condition {
  const { name } = comparison.key;
  const missing = Object.hasOwn(tagDefaults, name) ? tagDefaults[name] : undefined;
  if (missing !== undefined)
    return compare(
      sql`coalesce((select x.value from model_tags x where x.name = models.name and x.key = ${name}), ${missing})`,
      comparison,
    );
  return sql<SqlBool>`exists (select 1 from model_tags x
    where x.name = models.name and x.key = ${name} and ${compare(sql`x.value`, comparison)})`;
}

function whereOf({ filter, after, order }: PageQuery): RawBuilder<unknown> {
  const conditions: Condition[] = [sql<SqlBool>`models.deleted_at is null`];
  if (filter !== undefined) conditions.push(conditionOf(filter, leaf));
  if (after !== undefined) conditions.push(afterOf(order, after, "models"));
  return sql.join(conditions, sql` and `);
}

/** A page of models. */
export async function selectModels(db: Db, query: PageQuery): Promise<Model[]> {
  const { rows } = await sql<ModelRow>`select models.* from models where ${whereOf(query)}
    order by ${orderOf(query.order, "models")} limit ${query.limit}`.execute(db.tables());
  return describeModels(db, rows);
}

/** How many models fit. */
export async function countModels(db: Db, query: PageQuery): Promise<number> {
  const where = whereOf({ ...query, after: undefined });
  const { rows } = await sql<{ count: number }>`select count(*) as count from models where ${where}`.execute(
    db.tables(),
  );
  return rows[0]?.count ?? 0;
}
