import type { Model } from "../contract/model.ts";
import type { Db } from "../kernel/db.ts";
import { decodePageToken, pageOf } from "../kernel/paging.ts";
import { grammars, type OrderTerm } from "./filter/grammar.ts";
import { parseOrder } from "./filter/order.ts";
import { parseFilter } from "./filter/parse.ts";
import { countModels, selectModels } from "./rows/search-models.ts";
import type { Found, Search } from "./search-versions.ts";

/** Models that fit, a page of them, by name where nothing else was said. Throws invalid-input as searchVersions does. */
export async function searchModels(db: Db, search: Search): Promise<Found<Model>> {
  const { dialect, limit } = search;
  const grammar = dialect === "own" ? grammars.models : grammars.mlflowModels;
  const asked = parseOrder(search.orderBy ?? [], grammar);
  const byName: OrderTerm = {
    column: "name",
    descending: dialect === "own" && (asked.at(-1)?.descending ?? false),
  };
  const order = asked.some(({ column }) => column === "name") ? asked : [...asked, byName];
  const filter = parseFilter(search.filter ?? "", grammar, search.now);
  const query = { filter, order, after: decodePageToken(search.pageToken, order.length), limit: limit + 1 };
  const page = pageOf(
    await selectModels(db, query),
    limit,
    (row) =>
      order.map(({ column }) =>
        column === "name" ? row.name : column === "created_at" ? row.createdAt : row.updatedAt,
      ),
    (row) => row,
  );
  return search.total ? { ...page, total: await countModels(db, query) } : page;
}
