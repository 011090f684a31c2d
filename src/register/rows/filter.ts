import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Comparison, Filter, Literal, OrderTerm } from "../filter/grammar.ts";

/** The SQL of filters and orders; what is asked for stands in columns, in tables beside, or in what serves now. */
export type Condition = Expression<SqlBool>;
type Text = RawBuilder<unknown>;

/** GLOB compares with case; its own signs are taken as they are. */
const globOf = (pattern: string): string => pattern.replace(/[*?[]/g, "[$&]").replace(/%/g, "*").replace(/_/g, "?");

/** A column or expression compared as a filter says. */
export function compare(left: Text, { operator, values }: Pick<Comparison, "operator" | "values">): Condition {
  const [value = ""] = values;
  switch (operator) {
    case "LIKE":
      return sql<SqlBool>`${left} glob ${globOf(String(value))}`;
    case "ILIKE":
      return sql<SqlBool>`lower(${left}) like lower(${value})`;
    case "~":
      return sql<SqlBool>`${left} like ${`%${String(value).replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`;
    case "IN":
      return sql<SqlBool>`${left} in (${sql.join(values)})`;
    case "NOT IN":
      return sql<SqlBool>`${left} not in (${sql.join(values)})`;
    default:
      return sql<SqlBool>`${left} ${sql.raw(operator)} ${value}`;
  }
}

/** Of things a row may have several of, `!=` and `NOT IN` mean that none is such a one. */
export function compareAny(
  { operator, values }: Pick<Comparison, "operator" | "values">,
  exists: (condition: (column: Text) => Condition) => Condition,
): Condition {
  const positive = { operator: operator === "!=" ? "=" : "IN", values } as const;
  return operator === "!=" || operator === "NOT IN"
    ? sql<SqlBool>`not ${exists((column) => compare(column, positive))}`
    : exists((column) => compare(column, { operator, values }));
}

/** `= 'true'` and `!= 'false'` ask for the condition, the others for its opposite. */
export function compareBoolean({ operator, values: [value] }: Comparison, condition: Condition): Condition {
  return (operator === "=") === (value === "true") ? condition : sql<SqlBool>`not (${condition})`;
}

/** The whole condition of a filter. NOT of what is not known is true. */
export function conditionOf(filter: Filter, leaf: (comparison: Comparison) => Condition): Condition {
  if (filter.kind === "compare") return leaf(filter);
  if (filter.kind === "not") return sql<SqlBool>`not coalesce((${conditionOf(filter.part, leaf)}), false)`;
  const parts = filter.parts.map((part) => sql`(${conditionOf(part, leaf)})`);
  return sql<SqlBool>`(${sql.join(parts, filter.kind === "all" ? sql` and ` : sql` or `)})`;
}

/** The comparisons that every row must fit. */
export function requiredOf(filter: Filter | undefined): Comparison[] {
  if (filter === undefined || filter.kind === "not") return [];
  if (filter.kind === "compare") return [filter];
  return filter.kind === "all" ? filter.parts.flatMap(requiredOf) : [];
}

export const orderOf = (terms: readonly OrderTerm[], table: string): RawBuilder<unknown> =>
  sql.join(
    terms.map(
      ({ column, descending }) => sql`${sql.ref(`${table}.${column}`)} ${sql.raw(descending ? "desc" : "asc")}`,
    ),
  );

/** What comes after a row in an order. Mixed directions have no row comparison; the first column then still bounds the search. */
export function afterOf(terms: readonly OrderTerm[], values: readonly Literal[], table: string): Condition {
  const refs = terms.map(({ column }) => sql.ref(`${table}.${column}`));
  const [first] = terms;
  if (terms.every((term) => term.descending === first?.descending)) {
    const sign = sql.raw(first?.descending ? "<" : ">");
    return sql<SqlBool>`(${sql.join(refs)}) ${sign} (${sql.join(values)})`;
  }
  const steps = terms.map(({ descending }, index) => {
    const equal = refs.slice(0, index).map((ref, place) => sql`${ref} = ${values[place]} and `);
    return sql`(${sql.join(equal, sql``)}${refs[index]} ${sql.raw(descending ? "<" : ">")} ${values[index]})`;
  });
  const bound = sql`${refs[0]} ${sql.raw(first?.descending ? "<=" : ">=")} ${values[0]}`;
  return sql<SqlBool>`(${bound} and (${sql.join(steps, sql` or `)}))`;
}
