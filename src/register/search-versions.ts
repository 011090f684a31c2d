import type { ModelVersion } from "../contract/model.ts";
import type { Db } from "../kernel/db.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { type Filter, grammars, type OrderColumn, type OrderTerm } from "./filter/grammar.ts";
import { parseOrder } from "./filter/order.ts";
import { parseFilter } from "./filter/parse.ts";
import { type Archived, countVersions, selectVersions } from "./rows/search-versions.ts";

export interface Search {
  /** How the filter and the order are written: as on our own API, or as MLflow's clients do. */
  dialect: "own" | "mlflow";
  filter?: string | undefined;
  orderBy?: readonly string[] | undefined;
  /** Items a page. */
  limit: number;
  pageToken?: string | undefined;
  /** Also count all that fits. */
  total?: boolean | undefined;
  /** Epoch ms, for spans back from now. */
  now: number;
}
export interface Found<Item> {
  items: Item[];
  nextPageToken: string | null;
  total?: number;
}

/** Orders where nothing else was said, and what makes each order one: newest first here, MLflow's own there. */
const newest = { column: "created_at", descending: true } as const;
const updatedLast = { column: "updated_at", descending: true } as const;
const byPlace = [
  { column: "name", descending: false },
  { column: "version", descending: true },
] as const;

/** Own orders break ties in the direction of their last column, so that one comparison of rows finds the next page. */
function wholeOrder(given: readonly OrderTerm[], dialect: Search["dialect"]): OrderTerm[] {
  const asked = given.length > 0 ? given : [dialect === "own" ? newest : updatedLast];
  const last = asked.at(-1)?.descending ?? false;
  const rest = byPlace
    .filter(({ column }) => !asked.some((term) => term.column === column))
    .map((term) => (dialect === "own" ? { ...term, descending: last } : term));
  return [...asked, ...rest];
}

/** Versions that fit, a page of them. Throws invalid-input for a filter, an order or a page token that cannot be. */
export async function searchVersions(
  db: Db,
  search: Search & {
    archived?: Archived | undefined;
    /** Further conditions that stand beside the written filter. */
    also?: readonly Filter[] | undefined;
  },
): Promise<Found<ModelVersion>> {
  const { dialect, limit, archived = "hide" } = search;
  const grammar = dialect === "own" ? grammars.versions : grammars.mlflowVersions;
  const order = wholeOrder(parseOrder(search.orderBy ?? [], grammar), dialect);
  const written = parseFilter(search.filter ?? "", grammar, search.now);
  const parts = [...(search.also ?? []), ...(written === undefined ? [] : [written])];
  const filter: Filter | undefined = parts.length === 0 ? undefined : { kind: "all", parts };
  const query = { filter, order, after: decodePageToken(search.pageToken, order.length), limit: limit + 1 };
  const rows = await selectVersions(db, query, archived);
  const page = pageOf(
    rows,
    limit,
    (row) => order.map(({ column }) => columnOf(row, column)),
    (row) => row,
  );
  return search.total ? { ...page, total: await countVersions(db, query, archived) } : page;
}

function columnOf(row: ModelVersion, column: OrderColumn): string | number {
  return { name: row.name, version: row.version, created_at: row.createdAt, updated_at: row.updatedAt }[column];
}
