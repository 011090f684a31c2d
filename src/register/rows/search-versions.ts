import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ModelVersion } from "../../contract/model.ts";
import type { Db } from "../../kernel/db.ts";
import type { Comparison, Filter, Literal, OrderTerm } from "../filter/grammar.ts";
import {
  afterOf,
  type Condition,
  compare,
  compareAny,
  compareBoolean,
  conditionOf,
  orderOf,
  requiredOf,
} from "./filter.ts";
import { describeVersions, type ListedRow, listedColumns } from "./versions.ts";

export interface PageQuery {
  filter?: Filter | undefined;
  /** Ends with what makes the order one: for versions name and version. */
  order: readonly OrderTerm[];
  /** The values of the order's columns in the last row of the page before. */
  after?: readonly Literal[] | undefined;
  limit: number;
}
export type Archived = "hide" | "show" | "only";

/** Tags that count as this value when they are missing: MLflow's own searches rely on it. */
export const tagDefaults: Readonly<Record<string, string>> = { "mlflow.prompt.is_prompt": "false" };

const here = sql`x.name = versions.name and x.version = versions.version`;
const isLive = sql<SqlBool>`exists (select 1 from served x where ${here} and x.to_at is null)`;
const lastUse = sql`(case when ${isLive} then null else
  coalesce((select max(x.to_at) from served x where ${here}), versions.created_at) end)`;
const pairTables = { tag: "version_tags", property: "version_properties", metric: "version_metrics" } as const;

function leaf(comparison: Comparison): Condition {
  const { key } = comparison;
  if (key.kind !== "attribute") return comparePair(comparison);
  switch (key.name) {
    case "text":
      return searchText(comparison);
    case "live":
      return compareBoolean(comparison, isLive);
    case "live_on":
      return compareAny(
        comparison,
        (fits) =>
          sql<SqlBool>`exists (select 1 from served x where ${here} and x.to_at is null and ${fits(sql`x.service`)})`,
      );
    case "alias":
      return compareAny(
        comparison,
        (fits) => sql<SqlBool>`exists (select 1 from aliases x where ${here} and ${fits(sql`x.alias`)})`,
      );
    // walked in the order of the page: their own index would give all that fit, to be sorted (driverOf sees to the few)
    case "name":
      return comparison.operator === "LIKE" ? compare(sql`+versions.name`, comparison) : compareColumn(comparison);
    case "run_id":
    case "source":
    case "source_path":
    case "digest":
      return compare(sql`+${sql.ref(`versions.${columnOf(key.name)}`)}`, comparison);
    case "unused_since":
      return compare(lastUse, comparison);
    case "framework":
      return comparison.operator === "="
        ? sql<SqlBool>`lower(versions.framework) = ${String(comparison.values[0]).toLowerCase()}`
        : compare(sql`versions.framework`, comparison);
    default:
      return compareColumn(comparison);
  }
}

const compareColumn = (comparison: Comparison): Condition =>
  compare(sql.ref(`versions.${columnOf(comparison.key.name)}`), comparison);

/** Attributes whose column has another name. */
const columns: Readonly<Record<string, string>> = { version_number: "version", source_path: "source" };
const columnOf = (attribute: string): string => columns[attribute] ?? attribute;

function comparePair(comparison: Comparison): Condition {
  const { kind, name } = comparison.key;
  const table = sql.table(pairTables[kind as keyof typeof pairTables]);
  const missing = kind === "tag" && Object.hasOwn(tagDefaults, name) ? tagDefaults[name] : undefined;
  if (missing !== undefined)
    return compare(
      sql`coalesce((select x.value from ${table} x where ${here} and x.key = ${name}), ${missing})`,
      comparison,
    );
  return sql<SqlBool>`exists (select 1 from ${table} x where ${here} and x.key = ${name} and ${compare(sql`x.value`, comparison)})`;
}

const searchText = (comparison: Comparison): Condition => sql<SqlBool>`(${compare(sql`versions.name`, comparison)}
  or ${compare(sql`coalesce(versions.description, '')`, comparison)}
  or ${compare(sql`coalesce(versions.framework, '')`, comparison)}
  or exists (select 1 from version_tags x where ${here}
    and (${compare(sql`x.key`, comparison)} or ${compare(sql`x.value`, comparison)})))`;

/** The names and versions a comparison leaves, from an index of their own; undefined when it has none. */
function driverOf({ key, operator, values }: Comparison): RawBuilder<unknown> | undefined {
  const isEqual = operator === "=" || operator === "IN";
  if (key.kind === "metric" && operator !== "!=")
    return sql`select name, version from version_metrics where key = ${key.name} and ${compare(sql`value`, { operator, values })}`;
  if (key.kind !== "attribute") {
    if (!isEqual || key.kind === "metric" || Object.hasOwn(tagDefaults, key.name)) return undefined;
    return sql`select name, version from ${sql.table(pairTables[key.kind])} where key = ${key.name} and ${compare(sql`value`, { operator, values })}`;
  }
  const isOwn =
    key.name === "name" ? operator === "LIKE" : ["run_id", "source", "source_path", "digest"].includes(key.name);
  if (isOwn && (isEqual || operator === "LIKE"))
    return sql`select name, version from versions where ${compare(sql.ref(columnOf(key.name)), { operator, values })}`;
  if (key.name === "alias" && isEqual)
    return sql`select name, version from aliases where ${compare(sql`alias`, { operator, values })}`;
  if (key.name === "live_on" && isEqual)
    return sql`select name, version from served where to_at is null and ${compare(sql`service`, { operator, values })}`;
  if (key.name === "live" && (operator === "=") === (values[0] === "true"))
    return sql`select name, version from served where to_at is null`;
  return undefined;
}

/** Beyond this many, walking in the order of the page and testing each row finds a page sooner than sorting all of them. */
const driven = 2000;

async function chooseDriver(db: Db, filter: Filter | undefined): Promise<RawBuilder<unknown> | undefined> {
  let best: { count: number; rows: RawBuilder<unknown> } | undefined;
  for (const comparison of requiredOf(filter)) {
    const rows = driverOf(comparison);
    if (rows === undefined) continue;
    const counted = await sql<{ count: number }>`select count(*) as count from (${rows} limit ${driven + 1})`.execute(
      db.tables(),
    );
    const count = counted.rows[0]?.count ?? 0;
    if (count <= driven && count < (best?.count ?? Number.POSITIVE_INFINITY)) best = { count, rows };
  }
  return best?.rows;
}

function whereOf({ filter, after, order }: PageQuery, archived: Archived): RawBuilder<unknown> {
  const conditions: Condition[] = [];
  if (filter !== undefined) conditions.push(conditionOf(filter, leaf));
  if (archived !== "show")
    conditions.push(sql<SqlBool>`versions.archived_at is ${sql.raw(archived === "hide" ? "null" : "not null")}`);
  if (after !== undefined) conditions.push(afterOf(order, after, "versions"));
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** `cross join` fixes the order of the loops: the few of the driver first, each looked up by its key. */
const fromOf = (driver: RawBuilder<unknown> | undefined): RawBuilder<unknown> =>
  driver === undefined
    ? sql`versions`
    : sql`(select distinct name, version from (${driver})) k cross join versions
        on versions.name = k.name and versions.version = k.version`;

/** A page of versions. */
export async function selectVersions(db: Db, query: PageQuery, archived: Archived): Promise<ModelVersion[]> {
  const driver = await chooseDriver(db, query.filter);
  const columns = sql.join(listedColumns.map((column) => sql.ref(`versions.${column}`)));
  const { rows } = await sql<ListedRow>`select ${columns} from ${fromOf(driver)} ${whereOf(query, archived)}
    order by ${orderOf(query.order, "versions")} limit ${query.limit}`.execute(db.tables());
  return describeVersions(db, rows);
}

/** How many versions fit; reads all that may. */
export async function countVersions(db: Db, query: PageQuery, archived: Archived): Promise<number> {
  const driver = await chooseDriver(db, query.filter);
  const where = whereOf({ ...query, after: undefined }, archived);
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${fromOf(driver)} ${where}`.execute(
    db.tables(),
  );
  return rows[0]?.count ?? 0;
}
