import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ModelVersion } from "../../contract/model.ts";
import type { Db } from "../../kernel/db.ts";
import type { Comparison, Filter, Literal, OrderColumn, OrderTerm } from "../filter/grammar.ts";
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

/** Columns whose indexes go by created_at. */
const indexedByTime = ["framework", "stage", "created_by"];

/** A comparison as a condition on a row of `versions`, for pages in an order that begins with `first`. */
const leafOf = (first: OrderColumn | undefined) => (comparison: Comparison) => {
  const { key } = comparison;
  // in any other order such an index would give all that fit, to be sorted (driverOf sees to the few)
  const isWalked = key.kind === "attribute" && indexedByTime.includes(key.name) && first !== "created_at";
  return leaf(comparison, isWalked ? sql`+` : sql``);
};

function leaf(comparison: Comparison, walked: RawBuilder<unknown>): Condition {
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
        ? sql<SqlBool>`${walked}lower(versions.framework) = ${String(comparison.values[0]).toLowerCase()}`
        : compare(sql`versions.framework`, comparison);
    case "stage":
    case "created_by":
      return compare(sql`${walked}${sql.ref(`versions.${key.name}`)}`, comparison);
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
  // looked up by its key: an index on values would be searched for each row from the place of the page on
  return sql<SqlBool>`exists (select 1 from ${table} x where ${here} and x.key = ${name} and ${compare(sql`+x.value`, comparison)})`;
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
    key.name === "name"
      ? operator === "LIKE"
      : ["run_id", "source", "source_path", "digest", "stage", "created_by"].includes(key.name);
  if (isOwn && (isEqual || operator === "LIKE"))
    return sql`select name, version from versions where ${compare(sql.ref(columnOf(key.name)), { operator, values })}`;
  if (key.name === "framework" && operator === "=")
    return sql`select name, version from versions where lower(framework) = ${String(values[0]).toLowerCase()}`;
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

/** Rows that lead to the versions of a page: the few that one comparison leaves, or many that come in the order of the page. */
interface Driver {
  rows: RawBuilder<unknown>;
  inOrder: boolean;
}

async function chooseDriver(db: Db, { filter, order }: PageQuery): Promise<Driver | undefined> {
  const required = requiredOf(filter);
  let best: { count: number; rows: RawBuilder<unknown> } | undefined;
  for (const comparison of required) {
    const rows = driverOf(comparison);
    if (rows === undefined) continue;
    const counted = await sql<{ count: number }>`select count(*) as count from (${rows} limit ${driven + 1})`.execute(
      db.tables(),
    );
    const count = counted.rows[0]?.count ?? 0;
    if (count <= driven && count < (best?.count ?? Number.POSITIVE_INFINITY)) best = { count, rows };
  }
  if (best !== undefined) return { rows: sql`select distinct name, version from (${best.rows})`, inOrder: false };
  const rows = required.map((comparison) => orderedRowsOf(comparison, order)).find((found) => found !== undefined);
  return rows === undefined ? undefined : { rows, inOrder: true };
}

/** The rows of a tag or property with one value: an index has them by created_at, and another by name. */
function orderedRowsOf({ key, operator, values }: Comparison, order: readonly OrderTerm[]) {
  const columns = order.map(({ column }) => column).join();
  const isKept = columns === "created_at,name,version" || columns === "name,version";
  const isOneWay = order.every(({ descending }) => descending === order[0]?.descending);
  if ((key.kind !== "tag" && key.kind !== "property") || operator !== "=" || Object.hasOwn(tagDefaults, key.name))
    return undefined;
  return isKept && isOneWay
    ? sql`select name, version, created_at from ${sql.table(pairTables[key.kind])} where key = ${key.name} and value = ${values[0]}`
    : undefined;
}

/** The table whose columns give the order. */
const orderedTable = (driver: Driver | undefined): string => (driver?.inOrder === true ? "driver" : "versions");

function whereOf(
  { filter, after, order }: PageQuery,
  archived: Archived,
  driver: Driver | undefined,
): RawBuilder<unknown> {
  const conditions: Condition[] = [];
  if (filter !== undefined) conditions.push(conditionOf(filter, leafOf(order[0]?.column)));
  if (archived !== "show")
    conditions.push(sql<SqlBool>`versions.archived_at is ${sql.raw(archived === "hide" ? "null" : "not null")}`);
  if (after !== undefined) conditions.push(afterOf(order, after, orderedTable(driver)));
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** `cross join` fixes the order of the loops: the rows of the driver first, each version looked up by its key. */
const fromOf = (driver: Driver | undefined): RawBuilder<unknown> =>
  driver === undefined
    ? sql`versions`
    : sql`(${driver.rows}) driver cross join versions
        on versions.name = driver.name and versions.version = driver.version`;

/** A page of versions. */
export async function selectVersions(db: Db, query: PageQuery, archived: Archived): Promise<ModelVersion[]> {
  const driver = await chooseDriver(db, query);
  const columns = sql.join(listedColumns.map((column) => sql.ref(`versions.${column}`)));
  const { rows } = await sql<ListedRow>`select ${columns} from ${fromOf(driver)} ${whereOf(query, archived, driver)}
    order by ${orderOf(query.order, orderedTable(driver))} limit ${query.limit}`.execute(db.tables());
  return describeVersions(db, rows);
}

/** How many versions fit; reads all that may. */
export async function countVersions(db: Db, query: PageQuery, archived: Archived): Promise<number> {
  const driver = await chooseDriver(db, query);
  const where = whereOf({ ...query, after: undefined }, archived, driver);
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${fromOf(driver)} ${where}`.execute(
    db.tables(),
  );
  return rows[0]?.count ?? 0;
}
