import { type RawBuilder, sql } from "kysely";
import type { SearchInput } from "../../../contract/tracking.ts";
import type { Db } from "../../../kernel/db.ts";
import type { FilterKey } from "../../filter/grammar.ts";
import { parseFilter } from "../../filter/parse.ts";
import { type Condition, compare, conditionOf } from "../../rows/filter.ts";
import { type Entity, keyOfOrder } from "./entity.ts";
import { parseOrder } from "./order.ts";
import { decodeOffset, encodeOffset } from "./page-token.ts";

type Sql = RawBuilder<unknown>;

/** The value of a key for the row `e` of the entity; null where it has none. */
function valueAt({ columns, metrics }: Entity, { kind, name }: FilterKey): Sql {
  if (kind === "attribute") return sql.ref(`e.${columns[name]}`);
  if (kind === "tag") return sql`(select t.value from tracking_tags t where t.owner = e.id and t.key = ${name})`;
  if (kind === "property") return sql`(select t.value from tracking_params t where t.owner = e.id and t.key = ${name})`;
  return sql`(select m.value from ${sql.table(metrics ?? "")} m where m.owner = e.id and m.key = ${name}
    and m.is_nan = 0 order by m.step desc, m.at desc limit 1)`;
}

/** Rows without the key come last, whatever the direction. */
function orderTerms(entity: Entity, text: string): Sql[] {
  const { key, descending } = parseOrder(text);
  const value = valueAt(entity, keyOfOrder(entity, key));
  return [sql`(${value} is null)`, sql`${value} ${sql.raw(descending ? "desc" : "asc")}`];
}

export interface SearchScope {
  /** Equalities on columns of the entity. */
  equal: Record<string, string | readonly string[]>;
  /** Columns that order what the wanted order leaves open. */
  defaultOrder: string;
}

/** The ids of one page, in order, and the token of the next. */
export async function searchIds(
  db: Db,
  entity: Entity,
  { filter, orderBy, maxResults, pageToken }: SearchInput,
  scope: SearchScope,
): Promise<{ ids: string[]; nextPageToken: string | null }> {
  const offset = decodeOffset(pageToken);
  const asked = parseFilter(filter ?? "", entity.grammar, 0);
  const conditions = [
    sql`true`,
    ...Object.entries(scope.equal).map(([column, value]) => inScope(column, value)),
    ...(asked === undefined ? [] : [conditionOf(asked, (leaf) => compare(valueAt(entity, leaf.key), leaf))]),
  ];
  const order = sql.join([...orderBy.flatMap((text) => orderTerms(entity, text)), sql.raw(scope.defaultOrder)]);
  const { rows } = await sql<{ id: string }>`
    select e.id as id from ${sql.table(entity.table)} e where ${sql.join(conditions, sql` and `)}
    order by ${order} limit ${maxResults + 1} offset ${offset}`.execute(db.tables());
  const ids = rows.map(({ id }) => id);
  const more = ids.length > maxResults;
  return { ids: ids.slice(0, maxResults), nextPageToken: more ? encodeOffset(offset + maxResults) : null };
}

function inScope(column: string, value: string | readonly string[]): Condition {
  return compare(
    sql.ref(`e.${column}`),
    typeof value === "string" ? { operator: "=", values: [value] } : { operator: "IN", values: value },
  );
}
